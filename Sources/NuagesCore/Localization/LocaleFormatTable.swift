/// The formats of Django's languages, from the modules `django.conf.locale.*.formats`.
///
/// Each language begins with `@` and its code; each line below is a key and a format. What a
/// language does not name it has from the settings.
enum LocaleFormatTable {
    static let text = """
        @ar
        Dj F، Y
        Tg:i A
        YF Y
        Mj F
        dd‏/m‏/Y
        .,
        ,.
        @ar-dz
        Dj F Y
        TH:i
        Bj F Y H:i
        YF Y
        Mj F
        dj F Y
        bj F Y H:i
        .,
        ,.
        #3
        @az
        w1
        Dj E Y
        TG:i
        Bj E Y, G:i
        YF Y
        Mj F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @bg
        Dd F Y
        TH:i
        Mj F
        dd.m.Y
        .,
        ,\u{A0}
        @bn
        w6
        Dj F, Y
        Tg:i A
        YF Y
        Mj F
        dj M, Y
        ..
        ,,
        @bs
        Dj. N Y.
        TG:i
        Bj. N. Y. G:i T
        YF Y.
        Mj. F
        dY M j
        .,
        ,.
        @ca
        w1
        Dj E \\d\\e Y
        TG:i
        Bj E \\d\\e Y \\a \\l\\e\\s G:i
        YF \\d\\e\\l Y
        Mj E
        dd/m/Y
        bd/m/Y G:i
        .,
        ,.
        #3
        @ckb
        w6
        Dj F Y
        TG:i
        Bj F Y، کاتژمێر G:i
        YF Y
        Mj F
        dY/n/j
        bY/n/j،‏ G:i
        ..
        ,,
        @cs
        w1
        Dj. E Y
        TG:i
        Bj. E Y G:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y G:i
        .,
        ,\u{A0}
        #3
        @cy
        w1
        Dj F Y
        TP
        Bj F Y, P
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y P
        ..
        ,,
        #3
        @da
        w1
        Dj. F Y
        TH:i
        Bj. F Y H:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,.
        #3
        @de
        w1
        Dj. F Y
        TH:i
        Bj. F Y H:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,.
        #3
        @de-ch
        Dj. F Y
        TH:i
        Bj. F Y H:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @el
        Dd/m/Y
        TP
        Bd/m/Y P
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y P
        .,
        ,.
        #3
        @en
        DN j, Y
        TP
        BN j, Y, P
        YF Y
        MF j
        dm/d/Y
        bm/d/Y P
        ..
        ,,
        #3
        @en-au
        Dj M Y
        TP
        Bj M Y, P
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y P
        ..
        ,,
        #3
        @en-ca
        Dj M Y
        TP
        Bj M Y, P
        YF Y
        Mj F
        dY-m-d
        bY-m-d P
        ..
        ,\u{A0}
        #3
        @en-gb
        w1
        Dj M Y
        TP
        Bj M Y, P
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y P
        ..
        ,,
        #3
        @en-ie
        w1
        Dj M Y
        TH:i
        Bj M Y, H:i
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y H:i
        ..
        ,,
        #3
        @eo
        w1
        Dj\\-\\a \\d\\e F Y
        TH:i
        Bj\\-\\a \\d\\e F Y\\, \\j\\e H:i
        YF \\d\\e Y
        Mj\\-\\a \\d\\e F
        dY-m-d
        bY-m-d H:i
        .,
        ,\u{A0}
        #3
        @es
        w1
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,\u{A0}
        #3
        @es-ar
        w0
        Dj N Y
        TH:i
        Bj N Y H:i
        YF Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,.
        #3
        @es-co
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,.
        #3
        @es-mx
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        ..
        ,,
        #3
        @es-ni
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        ..
        ,,
        #3
        @es-pr
        w0
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        ..
        ,,
        #3
        @et
        Dj. F Y
        TG:i
        Mj. F
        dd.m.Y
        .,
        ,\u{A0}
        @eu
        w1
        DY(\\e)\\k\\o N\\k j
        TH:i
        BY(\\e)\\k\\o N\\k j, H:i
        YY(\\e)\\k\\o F
        MF\\r\\e\\n j\\a
        dY-m-d
        bY-m-d H:i
        .,
        ,.
        #3
        @fa
        w6
        Dj F Y
        TG:i
        Bj F Y، ساعت G:i
        YF Y
        Mj F
        dY/n/j
        bY/n/j،‏ G:i
        ..
        ,,
        @fi
        w1
        Dj. E Y
        TG.i
        Bj. E Y \\k\\e\\l\\l\\o G.i
        YF Y
        Mj. F
        dj.n.Y
        bj.n.Y G.i
        .,
        ,\u{A0}
        #3
        @fr
        w1
        Dj F Y
        TH:i
        Bj F Y H:i
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,\u{A0}
        #3
        @fr-be
        Dj F Y
        TH:i
        Bj F Y H:i
        YF Y
        Mj F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @fr-ca
        w0
        Dj F Y
        TH\u{A0}\\h\u{A0}i
        Bj F Y, H\u{A0}\\h\u{A0}i
        YF Y
        Mj F
        dY-m-d
        bY-m-d H\u{A0}\\h\u{A0}i
        .,
        ,\u{A0}
        #3
        @fr-ch
        Dj F Y
        TH:i
        Bj F Y H:i
        YF Y
        Mj F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @fy
        @ga
        Dj F Y
        TH:i
        Mj F
        dj M Y
        ..
        ,,
        @gd
        w1
        Dj F Y
        Th:ia
        Bj F Y h:ia
        Mj F
        dj M Y
        bj M Y h:ia
        ..
        ,,
        @gl
        w1
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y \\á\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd-m-Y
        bd-m-Y, H:i
        .,
        ,.
        @he
        Dj בF Y
        TH:i
        Bj בF Y H:i
        YF Y
        Mj בF
        dd/m/Y
        bd/m/Y H:i
        ..
        ,,
        @hi
        Dj F Y
        Tg:i A
        Mj F
        dd-m-Y
        ..
        ,,
        @hr
        w1
        Dj. E Y.
        TH:i
        Bj. E Y. H:i
        YF Y.
        Mj. F
        dj.m.Y.
        bj.m.Y. H:i
        .,
        ,.
        #3
        @hu
        w1
        DY. F j.
        TH:i
        BY. F j. H:i
        YY. F
        MF j.
        dY.m.d.
        bY.m.d. H:i
        .,
        ,\u{A0}
        #3
        @id
        w1
        Dj N Y
        TG.i
        Bj N Y, G.i
        YF Y
        Mj F
        dd-m-Y
        bd-m-Y G.i
        .,
        ,.
        #3
        @ig
        w1
        Dj F Y
        TP
        Bj F Y P
        YF Y
        Mj F
        dd.m.Y
        bd.m.Y H:i
        ..
        ,,
        #3
        @is
        Dj. F Y
        TH:i
        YF Y
        Mj. F
        dj.n.Y
        .,
        ,.
        #3
        @it
        w1
        Dd F Y
        TH:i
        Bl d F Y H:i
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,.
        #3
        @ja
        DY年n月j日
        TG:i
        BY年n月j日G:i
        YY年n月
        Mn月j日
        dY/m/d
        bY/m/d G:i
        ..
        ,,
        #3
        @ka
        w1
        Dl, j F, Y
        Th:i a
        Bj F, Y h:i a
        YF, Y
        Mj F
        dj.M.Y
        bj.M.Y H:i
        ..
        , 
        #3
        @km
        Dj ខែ F ឆ្នាំ Y
        TG:i
        Bj ខែ F ឆ្នាំ Y, G:i
        Mj F
        dj M Y
        bj M Y, G:i
        .,
        ,.
        @kn
        Dj F Y
        Th:i A
        Mj F
        dj M Y
        @ko
        DY년 n월 j일
        TA g:i
        BY년 n월 j일 g:i A
        YY년 n월
        Mn월 j일
        dY-n-j
        bY-n-j H:i
        ..
        ,,
        #3
        @ky
        w1
        Dj E Y ж.
        TG:i
        Bj E Y ж. G:i
        YF Y ж.
        Mj F
        dd.m.Y
        bd.m.Y H:i
        ..
        ,\u{A0}
        #3
        @lt
        w1
        DY \\m. E j \\d.
        TH:i
        BY \\m. E j \\d., H:i
        YY \\m. F
        ME j \\d.
        dY-m-d
        bY-m-d H:i
        .,
        ,.
        #3
        @lv
        w1
        DY. \\g\\a\\d\\a j. F
        TH:i
        BY. \\g\\a\\d\\a j. F, H:i
        YY. \\g. F
        Mj. F
        dj.m.Y
        bj.m.Y H:i
        .,
        ,\u{A0}
        #3
        @mk
        w1
        Dd F Y
        TH:i
        Bj. F Y H:i
        YF Y
        Mj. F
        dj.m.Y
        bj.m.Y H:i
        .,
        ,.
        #3
        @ml
        DN j, Y
        TP
        BN j, Y, P
        YF Y
        MF j
        dm/d/Y
        bm/d/Y P
        ..
        ,,
        #3
        @mn
        Dd F Y
        Tg:i A
        dj M Y
        @ms
        Dj M Y
        TP
        Bj M Y, P
        YF Y
        Mj F
        dd/m/Y
        bd/m/Y P
        ..
        ,,
        #3
        @nb
        w1
        Dj. F Y
        TH:i
        Bj. F Y H:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @nl
        w1
        Dj F Y
        TH:i
        Bj F Y H:i
        YF Y
        Mj F
        dj-n-Y
        bj-n-Y H:i
        .,
        ,.
        #3
        @nn
        w1
        Dj. F Y
        TH:i
        Bj. F Y H:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @pl
        w1
        Dj E Y
        TH:i
        Bj E Y H:i
        YF Y
        Mj E
        dd-m-Y
        bd-m-Y  H:i
        .,
        ,\u{A0}
        #3
        @pt
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y à\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,.
        #3
        @pt-br
        Dj \\d\\e F \\d\\e Y
        TH:i
        Bj \\d\\e F \\d\\e Y à\\s H:i
        YF \\d\\e Y
        Mj \\d\\e F
        dd/m/Y
        bd/m/Y H:i
        .,
        ,.
        #3
        @ro
        w1
        Dj F Y
        TH:i
        Bj F Y, H:i
        YF Y
        Mj F
        dd.m.Y
        bd.m.Y, H:i
        .,
        ,.
        #3
        @ru
        w1
        Dj E Y г.
        TG:i
        Bj E Y г. G:i
        YF Y г.
        Mj F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @sk
        w1
        Dj. F Y
        TG:i
        Bj. F Y G:i
        YF Y
        Mj. F
        dd.m.Y
        bd.m.Y G:i
        .,
        ,\u{A0}
        #3
        @sl
        Dd. F Y
        TH:i
        Bj. F Y. H:i
        YF Y
        Mj. F
        dj. M. Y
        bj.n.Y. H:i
        .,
        ,.
        #3
        @sq
        Dd F Y
        Tg.i.A
        YF Y
        Mj F
        dY-m-d
        .,
        ,.
        @sr
        w1
        Dj. F Y.
        TH:i
        Bj. F Y. H:i
        YF Y.
        Mj. F
        dj.m.Y.
        bj.m.Y. H:i
        .,
        ,.
        #3
        @sr-latn
        Dj. F Y.
        TH:i
        Bj. F Y. H:i
        YF Y.
        Mj. F
        dj.m.Y.
        bj.m.Y. H:i
        .,
        ,.
        #3
        @sv
        w1
        Dj F Y
        TH:i
        Bj F Y H:i
        YF Y
        Mj F
        dY-m-d
        bY-m-d H:i
        .,
        ,\u{A0}
        #3
        @ta
        Dj F, Y
        Tg:i A
        Mj F
        dj M, Y
        @te
        Dj F Y
        Tg:i A
        Mj F
        dj M Y
        @tg
        w1
        Dj E Y г.
        TG:i
        Bj E Y г. G:i
        YF Y г.
        Mj F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @th
        Dj F Y
        TG:i
        Bj F Y, G:i
        YF Y
        Mj F
        dj M Y
        bj M Y, G:i
        ..
        ,,
        #3
        @tk
        w1
        Dj E Y г.
        TG:i
        Bj E Y г. G:i
        YF Y г.
        Mj F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @tr
        w1
        Dd F Y
        TH:i
        Bd F Y H:i
        YF Y
        Md F
        dd M Y
        bd M Y H:i
        .,
        ,.
        #3
        @ug
        w1
        Dj F Y
        TG:i
        YF Y
        Mj F
        dY/m/d
        bY/m/d G:i
        ..
        ,,
        #3
        @uk
        w1
        Dd E Y р.
        TH:i
        Bd E Y р. H:i
        YF Y
        Md F
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @uz
        w1
        Dj-E, Y-\\y\\i\\l
        TG:i
        Bj-E, Y-\\y\\i\\l G:i
        YF Y-\\y\\i\\l
        Mj-E
        dd.m.Y
        bd.m.Y H:i
        .,
        ,\u{A0}
        #3
        @vi
        D\\N\\gà\\y d \\t\\há\\n\\g n \\nă\\m Y
        TH:i
        BH:i \\N\\gà\\y d \\t\\há\\n\\g n \\nă\\m Y
        YF Y
        Mj F
        dd-m-Y
        bH:i d-m-Y
        .,
        ,.
        @zh-hans
        w1
        DY年n月j日
        TH:i
        BY年n月j日 H:i
        YY年n月
        Mm月j日
        dY年n月j日
        bY年n月j日 H:i
        ..
        ,
        #4
        @zh-hant
        w1
        DY年n月j日
        TH:i
        BY年n月j日 H:i
        YY年n月
        Mm月j日
        dY年n月j日
        bY年n月j日 H:i
        ..
        ,
        #4
        """
}
