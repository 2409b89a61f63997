import NuagesContrib
import NuagesCore
import Testing

/// What Django 6.1.3 makes of these files by `collectstatic` with `ManifestStaticFilesStorage`.
enum DjangoCollection {
    static let files: [(name: String, text: String)] = [
        (
            "css/base.css",
            """
            @import "theme.css";
            @import url(reset.css);
            @import '../css/print.css' print;
            body { background: url("../img/bg one.png") }
            .a { background: URL('../img/a.svg#icon') }
            .b { src: url(../fonts/f.eot?#iefix) format("x"), url(../fonts/f.woff2?v=1) }
            .c { background: url(data:image/png;base64,AAAA) }
            .d { background: url(//cdn.example.net/x.png) }
            .e { background: url(https://cdn.example.net/x.png) }
            .f { background: url(/static/img/a.svg) }
            .g { background: url(/media/x.png) }
            .h { background: url(#frag) }
            /* url(missing.png) and "url(missing.png)" */
            .i::after { content: "url(missing.png)" }
            .j { background: url() }
            .k { background: url(../img/) }
            .l { background: url(../img/bg%20one.png) }
            /*# sourceMappingURL=base.css.map */

            """
        ),
        (
            "css/theme.css",
            """
            @import "deep/colors.css";

            """
        ),
        (
            "css/reset.css",
            """
            * { margin: 0 }

            """
        ),
        ("css/print.css", ""),
        (
            "css/deep/colors.css",
            """
            a { background: url(../../img/a.svg) }

            """
        ),
        ("css/base.css.map", "{\"version\":3}"),
        ("img/bg one.png", "PNG one"),
        ("img/a.svg", "<svg/>"),
        ("fonts/f.eot", "eot"),
        ("fonts/f.woff2", "woff2"),
        (
            "js/app.js",
            """
            // see url(x)
            import { a, b } from "./mod.js";
            import * as c from './mod.js';
            import d from "./mod.js"
            import "./side.js";
            export { e } from "./mod.js";
            const m = import("./mod.js");
            import lib from "lib";
            const s = `import x from "./missing.js"`; // import "./missing.js"
            let t = "import './missing.js'";
            //# sourceMappingURL=app.js.map

            """
        ),
        ("js/app.js.map", "{}"),
        (
            "js/mod.js",
            """
            export const a = 1;
            /* //# sourceMappingURL=missing.map */

            """
        ),
        (
            "js/side.js",
            """
            import"../js/mod.js"

            """
        ),
        ("noext", "plain"),
        ("archive.tar.gz", "gz"),
        ("é/ü.txt", "text"),
        ("empty.txt", ""),
    ]

    static let manifest =
        #"{"paths": {"archive.tar.gz": "archive.tar.c9317245afa8.gz", "css/base.css": "c"#
        + #"ss/base.b0953f11d380.css", "css/base.css.map": "css/base.css.6dbd5863e342.map""#
        + #", "css/deep/colors.css": "css/deep/colors.f907955a6312.css", "css/print.css": "#
        + #""css/print.d41d8cd98f00.css", "css/reset.css": "css/reset.bef591d7fa37.css", ""#
        + #"css/theme.css": "css/theme.6f6fe79d5be3.css", "empty.txt": "empty.d41d8cd98f00"#
        + #".txt", "fonts/f.eot": "fonts/f.8cc16517b421.eot", "fonts/f.woff2": "fonts/f.db"#
        + #"37728de7a0.woff2", "img/a.svg": "img/a.677433a0892a.svg", "img/bg one.png": "i"#
        + #"mg/bg one.6b2e2e02cf59.png", "js/app.js": "js/app.bcaac48a2369.js", "js/app.js"#
        + #".map": "js/app.js.99914b932bd3.map", "js/mod.js": "js/mod.cab1866744f4.js", "j"#
        + #"s/side.js": "js/side.b599475c8eeb.js", "noext": "noext.ac7938d40cfc", "\u00e9/"#
        + #"\u00fc.txt": "\u00e9/\u00fc.1cb251ec0d56.txt"}, "version": "1.1", "hash": "969"#
        + #"6dfaf44a6"}"#

    static let manifestWithModules =
        #"{"paths": {"archive.tar.gz": "archive.tar.c9317245afa8.gz", "css/base.css": "c"#
        + #"ss/base.b0953f11d380.css", "css/base.css.map": "css/base.css.6dbd5863e342.map""#
        + #", "css/deep/colors.css": "css/deep/colors.f907955a6312.css", "css/print.css": "#
        + #""css/print.d41d8cd98f00.css", "css/reset.css": "css/reset.bef591d7fa37.css", ""#
        + #"css/theme.css": "css/theme.6f6fe79d5be3.css", "empty.txt": "empty.d41d8cd98f00"#
        + #".txt", "fonts/f.eot": "fonts/f.8cc16517b421.eot", "fonts/f.woff2": "fonts/f.db"#
        + #"37728de7a0.woff2", "img/a.svg": "img/a.677433a0892a.svg", "img/bg one.png": "i"#
        + #"mg/bg one.6b2e2e02cf59.png", "js/app.js": "js/app.06a72142e372.js", "js/app.js"#
        + #".map": "js/app.js.99914b932bd3.map", "js/mod.js": "js/mod.cab1866744f4.js", "j"#
        + #"s/side.js": "js/side.0009c3768f34.js", "noext": "noext.ac7938d40cfc", "\u00e9/"#
        + #"\u00fc.txt": "\u00e9/\u00fc.1cb251ec0d56.txt"}, "version": "1.1", "hash": "eda"#
        + #"4ed29c9d0"}"#

    static let styleSheet = """
        @import url("theme.6f6fe79d5be3.css");
        @import url("reset.bef591d7fa37.css");
        @import url("../css/print.d41d8cd98f00.css") print;
        body { background: url("../img/bg one.6b2e2e02cf59.png") }
        .a { background: url("../img/a.677433a0892a.svg#icon") }
        .b { src: url("../fonts/f.8cc16517b421.eot?#iefix") format("x"), url("../fonts/f.db37728de7a0.woff2?v=1") }
        .c { background: url(data:image/png;base64,AAAA) }
        .d { background: url(//cdn.example.net/x.png) }
        .e { background: url(https://cdn.example.net/x.png) }
        .f { background: url("/static/img/a.677433a0892a.svg") }
        .g { background: url(/media/x.png) }
        .h { background: url(#frag) }
        /* url(missing.png) and "url(missing.png)" */
        .i::after { content: "url(missing.png)" }
        .j { background: url() }
        .k { background: url("../img/") }
        .l { background: url("../img/bg one.6b2e2e02cf59.png") }
        /*# sourceMappingURL=base.css.6dbd5863e342.map */

        """

    static let script = """
        // see url(x)
        import { a, b } from "./mod.cab1866744f4.js";
        import * as c from "./mod.cab1866744f4.js";
        import d from "./mod.cab1866744f4.js"
        import"./side.0009c3768f34.js";
        export { e } from "./mod.cab1866744f4.js";
        const m = import("./mod.cab1866744f4.js");
        import lib from "lib";
        const s = `import x from "./missing.js"`; // import "./missing.js"
        let t = "import './missing.js'";
        //# sourceMappingURL=app.js.99914b932bd3.map

        """
}
