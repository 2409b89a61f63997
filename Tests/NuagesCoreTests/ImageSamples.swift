import NuagesCore
import Testing

/// Small images as Pillow 13 writes them, with what it says of each.
enum ImageSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let format: ImageFormat
        let width: Int
        let height: Int
        let frameCount: Int
        let bytes: [UInt8]

        var testDescription: String { name }

        init(
            _ name: String,
            _ format: ImageFormat,
            _ width: Int,
            _ height: Int,
            frameCount: Int = 1,
            _ base64: String
        ) {
            self.name = name
            self.format = format
            self.width = width
            self.height = height
            self.frameCount = frameCount
            bytes = Base64URL.decode(base64) ?? []
        }
    }

    static func named(_ name: String) -> [UInt8] {
        all.first { $0.name == name }?.bytes ?? []
    }

    static let all = [
        Sample(
            "png",
            .png,
            5,
            3,
            """
            iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAGklEQVR4nGPkOiHHgAQYGRj-\
            azA8giNGNHkAsCcHC0RPM80AAAAASUVORK5CYII
            """
        ),
        Sample(
            "pngPalette",
            .png,
            5,
            3,
            """
            iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAMAAABs6DXKAAACplBMVEUAAAAAAAAAAAAAAAAAAAAA\
            AAAAAAAAAAAAAAAAAAAAAAAzAABmAACZAADMAAD_AAAAMwAzMwBmMwCZMwDMMwD_MwAAZgAzZgBm\
            ZgCZZgDMZgD_ZgAAmQAzmQBmmQCZmQDMmQD_mQAAzAAzzABmzACZzADMzAD_zAAA_wAz_wBm_wCZ\
            _wDM_wD__wAAADMzADNmADOZADPMADP_ADMAMzMzMzNmMzOZMzPMMzP_MzMAZjMzZjNmZjOZZjPM\
            ZjP_ZjMAmTMzmTNmmTOZmTPMmTP_mTMAzDMzzDNmzDOZzDPMzDP_zDMA_zMz_zNm_zOZ_zPM_zP_\
            _zMAAGYzAGZmAGaZAGbMAGb_AGYAM2YzM2ZmM2aZM2bMM2b_M2YAZmYzZmZmZmaZZmbMZmb_ZmYA\
            mWYzmWZmmWaZmWbMmWb_mWYAzGYzzGZmzGaZzGbMzGb_zGYA_2Yz_2Zm_2aZ_2bM_2b__2YAAJkz\
            AJlmAJmZAJnMAJn_AJkAM5kzM5lmM5mZM5nMM5n_M5kAZpkzZplmZpmZZpnMZpn_ZpkAmZkzmZlm\
            mZmZmZnMmZn_mZkAzJkzzJlmzJmZzJnMzJn_zJkA_5kz_5lm_5mZ_5nM_5n__5kAAMwzAMxmAMyZ\
            AMzMAMz_AMwAM8wzM8xmM8yZM8zMM8z_M8wAZswzZsxmZsyZZszMZsz_ZswAmcwzmcxmmcyZmczM\
            mcz_mcwAzMwzzMxmzMyZzMzMzMz_zMwA_8wz_8xm_8yZ_8zM_8z__8wAAP8zAP9mAP-\
            ZAP_MAP__AP8AM_8zM_9mM_-ZM__MM___M_8AZv8zZv9mZv-ZZv_MZv__Zv8Amf8zmf9mmf-\
            Zmf_Mmf__mf8AzP8zzP9mzP-ZzP_MzP__zP8A__8z__9m__-Z___M______91g91EAAAAFklEQVR\
            4nGNwUwJChn2z51RUMriBOAAuqQUTHiq4zAAAAABJRU5ErkJggg
            """
        ),
        Sample(
            "apng",
            .png,
            5,
            3,
            frameCount: 2,
            """
            iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAACGFjVEwAAAACAAAAAPONk3AAAAAa\
            ZmNUTAAAAAAAAAAFAAAAAwAAAAAAAAAAAAEACgAAG5GMowAAABpJREFUeJxj5Dohx4AEGBkY_msw\
            PIIjRjR5ALAnBwtETzPNAAAAGmZjVEwAAAABAAAABQAAAAEAAAAAAAAAAQABAAoAAI4T3FIAAAAU\
            ZmRBVAAAAAJ4nGNcwNB-g0EOjgAsPwUBXnhpqAAAAABJRU5ErkJggg
            """
        ),
        Sample(
            "jpeg",
            .jpeg,
            5,
            3,
            """
            _9j_4AAQSkZJRgABAQAAAQABAAD_4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD_\
            2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hn\
            Pk1xeXBkeFxlZ2P_2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj\
            Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P_wAARCAADAAUDASIAAhEBAxEB_8QAFQABAQAAAAAAAAAA\
            AAAAAAAAAAP_xAAaEAACAgMAAAAAAAAAAAAAAAAAAwECQYHR_8QAFQEBAQAAAAAAAAAAAAAAAAAA\
            BQb_xAAaEQEAAgMBAAAAAAAAAAAAAAABAAMCQUKR_9oADAMBAAIRAxEAPwCMIpGWbZboACWzN2yd\
            LbDp9n__2Q
            """
        ),
        Sample(
            "jpegProgressive",
            .jpeg,
            5,
            3,
            """
            _9j_4AAQSkZJRgABAQAAAQABAAD_2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dA\
            RkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN-gXz_2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8\
            fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz_wgARCAADAAUDASIA\
            AhEBAxEB_8QAFQABAQAAAAAAAAAAAAAAAAAAAAL_xAAUAQEAAAAAAAAAAAAAAAAAAAAE_9oADAMB\
            AAIQAxAAAAGAYP8A_8QAFRABAQAAAAAAAAAAAAAAAAAAABH_2gAIAQEAAQUCj__EABYRAAMAAAAA\
            AAAAAAAAAAAAAAABEv_aAAgBAwEBPwGmf__EABYRAAMAAAAAAAAAAAAAAAAAAAABEf_aAAgBAgEB\
            PwGs_8QAFBABAAAAAAAAAAAAAAAAAAAAAP_aAAgBAQAGPwJ__8QAGBAAAgMAAAAAAAAAAAAAAAAA\
            AAERYZH_2gAIAQEAAT8hjes__9oADAMBAAIAAwAAABDz_8QAFhEAAwAAAAAAAAAAAAAAAAAAAAFh\
            _9oACAEDAQE_EKs__8QAFREBAQAAAAAAAAAAAAAAAAAAAGH_2gAIAQIBAT8Qs__EABgQAAIDAAAA\
            AAAAAAAAAAAAAAABQWHw_9oACAEBAAE_EEidrP_Z
            """
        ),
        Sample(
            "gif",
            .gif,
            5,
            3,
            """
            R0lGODdhBQADAIIAAArIHqAAh3gApVAAwygA4QAA_wAAAAAAACwAAAAABQADAAAIDgABCBRYgMAA\
            AQEGCgwIADs
            """
        ),
        Sample(
            "gifAnimated",
            .gif,
            5,
            3,
            frameCount: 2,
            """
            R0lGODlhBQADAIIAAArIHqAAh3gApVAAwygA4QAA_wAAAAAAACH5BAAKAAAALAAAAAAFAAMAAAgO\
            AAEIFFiAwAABAQYKDAgAIfkEAQoABgAsAAABAAUAAQCCCsgeoACHeAClUADDKADhAAD_AAAAAAAA\
            CAgAAwgwQKBAQAA7
            """
        ),
        Sample(
            "webpLossy",
            .webp,
            5,
            3,
            """
            UklGRk4AAABXRUJQVlA4IEIAAABQAgCdASoFAAMAAsBMJbACdLoBJgMEAA6khrAA_nkDwe1Ju2lQ\
            P2_eTe3dO9fzXsDzVf_IVCPqHwoMeDjdfpj1EAA
            """
        ),
        Sample(
            "webpLossless",
            .webp,
            5,
            3,
            """
            UklGRjoAAABXRUJQVlA4TC0AAAAvBIAAAC8wyAKBFI8T2wKBxJ9gv0Se_9ABAB4oatsGDvbY_sMy\
            Lonof8DeDywA
            """
        ),
        Sample(
            "webpAnimated",
            .webp,
            5,
            3,
            frameCount: 2,
            """
            UklGRjoBAABXRUJQVlA4WAoAAAACAAAABAAAAgAAQU5JTQYAAAAAAAAAAABBTk1GhgAAAAAAAAAA\
            AAQAAAIAAGQAAAJWUDggbgAAAFABAJ0BKgUAAwABQCYlsAAEdAAA_tyk_J_rzf6r_vv_K_H_ru7Y\
            9-B_yrPx78D_lWfj34H_KH___ypL_E7-rDTxt_5M-h_4OTFR__xpHzFv__sfx_E7-\
            vBUxt__z276R_git_wb__9vN_vyAAAAQU5NRoAAAAAAAAAAAAAEAAABAABkAAAAVlA4IGgAAABUA\
            QCdASoFAAIAAAAmJagABHQAAP76KH3Z4j_7Yb91-xH__aif9w9hfEd_-AV__b3-\
            iCP95Fn_9vf6II_3kWf_29_ogj_eT-2E46N1H_9rcqX8ovx_mo1r___GKdMf9vP7QS7_UQAAAA
            """
        ),
        Sample(
            "bmp",
            .bmp,
            5,
            3,
            """
            Qk1mAAAAAAAAADYAAAAoAAAABQAAAAMAAAABABgAAAAAADAAAADEDgAAxA4AAAAAAAAAAAAAHsgK\
            HsgKHsgKHsgKHsgKAP8AAOEAKMMAUKUAeIcAoAAeyAoeyAoeyAoeyAoeyAoA
            """
        ),
        Sample(
            "tiff",
            .tiff,
            5,
            3,
            """
            SUkqAAgAAAAKAAABBAABAAAABQAAAAEBBAABAAAAAwAAAAIBAwADAAAAhgAAAAMBAwABAAAAAQAA\
            AAYBAwABAAAAAgAAABEBBAABAAAAjAAAABUBAwABAAAAAwAAABYBBAABAAAAAwAAABcBBAABAAAA\
            LQAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAKyB4KyB4KyB4KyB4KyB4AAP8oAOFQAMN4AKWgAIcK\
            yB4KyB4KyB4KyB4KyB4
            """
        ),
        Sample(
            "tiffLZW",
            .tiff,
            5,
            3,
            """
            SUkqABYAAACAHyBQIOiYXDcfwOBQEAkAAAEDAAEAAAAFAAAAAQEDAAEAAAADAAAAAgEDAAEAAAAI\
            AAAAAwEDAAEAAAAFAAAABgEDAAEAAAABAAAAEQEEAAEAAAAIAAAAFgEDAAEAAAADAAAAFwEEAAEA\
            AAAOAAAAHAEDAAEAAAABAAAAAAAAAA
            """
        ),
        Sample(
            "avif",
            .avif,
            5,
            3,
            """
            AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAA\
            AAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEA\
            AAETAAAALgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAA\
            AEtpcGNvAAAAFGlzcGUAAAAAAAAABQAAAAMAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAA\
            E2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAANm1kYXQSAAoIGAhk0QEN\
            BoQyIBxHh4Xd0000wsVVAP9ay8oKCuoqLXBhuzcXkLleOzlg
            """
        ),
        Sample(
            "ico",
            .ico,
            16,
            16,
            """
            AAABAAEAEBAAAAAAIABzAQAAFgAAAIlQTkcNChoKAAAADUlIRFIAAAAQAAAAEAgCAAAAkJFoNgAA\
            ATpJREFUeJyNkr1Pw0AMxX--Xpq0SeiOhMTCwoK68f9PiAUxwITEgMSOUJL7yJ0Z0pYWEO2TZZ0_\
            nnS2n9SvFlBEkYxkZPdWBAzInmHxFRuIIGZDQLZMBd0n6Odq0w4Cyg7CQbiB1fcLQFBBzYHPPzKC\
            Ctj8fAMYsiVZxoI0IxUku2cFoyXNyILa9HALGEZDLPEloSRWxDmhIpbEkrAglISCZMhirp6AObHG\
            NQw1boGr8UvcEr_ETfklriIaslB4oCK29Gd0LX2Daxga-\
            pahwTX0K7qWviLMSObXGo7AmssXAGLGjQwBN-AMHlzGR1zABYZu-yVr1veAMCZiwAshEUfiQOj-\
            GtrO1ncA5EzyjJkUSO6ftZrrx-lwCVV0PHo4OX-\
            bplFIp0hD2o-poN9qk8PwUHyUbqc9PUHeXyVxypL6I96DAAAAAElFTkSuQmCC
            """
        ),
        Sample(
            "icoBMP",
            .ico,
            16,
            16,
            """
            AAABAAIACAgAAAAAGAAIAQAAJgAAABAQAAAAABgASAMAAC4BAAAoAAAACAAAABAAAAABABgAAAAA\
            AMAAAADEDgAAxA4AAAAAAAAAAAAAB9wLCNwKC9wGDNwEDtwCENwAE9wAFNwAJ8AKJsAKJcALJMAM\
            JMANI8AOIsAPIsAQgm8Ffm8LdG8Za28kZG8vW286UW9HTG9O7BEA4xEOzhEovRE_rBFVmxFsiBGH\
            fBGV7BEA4xEOzhEovRE_rBFVmxFsiBGHfBGVgm8Ffm8LdG8Za28kZG8vW286UW9HTG9OJ8AKJsAK\
            JcALJMAMJMANI8AOIsAPIsAQB9wLCNwKC9wGDNwEDtwCENwAE9wAFNwAAAAAAAAAAAAAAAAAAAAA\
            AAAAAAAAAAAAAAAAAAAAAAAoAAAAEAAAACAAAAABABgAAAAAAAADAADEDgAAxA4AAAAAAAAAAAAA\
            BN8LBN8LBd8KBt8JB98HCN8FCd8ECt8DC98BDN8ADt8AD98AEN8AEd8AEt8AEt8ADNgLDNgLDNgK\
            DdgJDtgID9gHENgGENgFEdgEEtgDE9gCE9gBFNgAFdgAFtgAFtgAG8sKG8sKG8sKG8sKG8sKG8sJ\
            G8sJG8sJHMsJHMsJHMsIHMsIHMsIHMsIHMsIHMsIOLEJOLEJN7EKNrELNbENNLEOM7EQMrERMLET\
            L7EULrEWLbEXLLEZK7EaKrEbKrEcZ4cHZ4cHZYcJYocOXocSW4cXWIcaVYcfUocjT4cnTIcrSYcv\
            RYc0Qoc4QIc7P4c8n1YEn1YEm1YJllYQj1YZiVYghFYnf1YveVY1dFY9b1ZEaVZLY1ZUXVZbWlZg\
            WFZi1SUC1SUC0CUIyCUTvyUftyUqryUzqCU-oCVImSVSkSVciSVngCVzeCV9cyWFcSWH-QUA-\
            QUA9AUI6gUV3wUj1QUwzQU8xAVIugVUsQVhqQVtnwV5lAWIigWVhAWdgQWg-QUA-QUA9AUI6gUV3\
            wUj1QUwzQU8xAVIugVUsQVhqQVtnwV5lAWIigWVhAWdgQWg1SUC1SUC0CUIyCUTvyUftyUqryUzq\
            CU-oCVImSVSkSVciSVngCVzeCV9cyWFcSWHn1YEn1YEm1YJllYQj1YZiVYghFYnf1YveVY1dFY9b\
            1ZEaVZLY1ZUXVZbWlZgWFZiZ4cHZ4cHZYcJYocOXocSW4cXWIcaVYcfUocjT4cnTIcrSYcvRYc0Q\
            oc4QIc7P4c8OLEJOLEJN7EKNrELNbENNLEOM7EQMrERMLETL7EULrEWLbEXLLEZK7EaKrEbKrEcG\
            8sKG8sKG8sKG8sKG8sKG8sJG8sJG8sJHMsJHMsJHMsIHMsIHMsIHMsIHMsIHMsIDNgLDNgLDNgKD\
            dgJDtgID9gHENgGENgFEdgEEtgDE9gCE9gBFNgAFdgAFtgAFtgABN8LBN8LBd8KBt8JB98HCN8FC\
            d8ECt8DC98BDN8ADt8AD98AEN8AEd8AEt8AEt8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
            AAAAAA
            """
        ),
    ]
}
