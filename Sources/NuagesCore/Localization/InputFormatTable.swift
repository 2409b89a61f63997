/// How dates and times may be entered in each language, as facts about Django's locales: `@` a
/// language, `d` dates, `t` times, `b` both, formats separated by `|`, a line that starts with a
/// blank continues the one before it.
enum InputFormatTable {
    static let text = #"""
        @ar-dz
        d%Y/%m/%d
        t%H:%M|%H:%M:%S
        b%Y/%m/%d %H:%M|%Y/%m/%d %H:%M:%S
        @az
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M
        @bn
        d%d/%m/%Y|%d/%m/%y|%d-%m-%Y|%d-%m-%y
        t%H:%M:%S|%H:%M
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M
        @ca
        d%d/%m/%Y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @cs
        d%d.%m.%Y|%d.%m.%y|%d. %m. %Y|%d. %m. %y
        t%H:%M:%S|%H.%M|%H:%M
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H.%M|%d.%m.%Y %H:%M|%d. %m. %Y %H:%M:%S|
         %d. %m. %Y %H:%M:%S.%f|%d. %m. %Y %H.%M|%d. %m. %Y %H:%M|%Y-%m-%d %H.%M
        @cy
        d%d/%m/%Y|%d/%m/%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @da
        d%d.%m.%Y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M
        @de
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M
        @de-ch
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M
        @el
        d%d/%m/%Y|%d/%m/%y|%Y-%m-%d
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M|%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M
        @en-au
        d%d/%m/%Y|%d/%m/%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @en-ca
        d%Y-%m-%d|%y-%m-%d
        b%Y-%m-%d %H:%M:%S|%y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%y-%m-%d %H:%M:%S.%f|
         %Y-%m-%d %H:%M|%y-%m-%d %H:%M
        @en-gb
        d%d/%m/%Y|%d/%m/%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @en-ie
        d%d/%m/%Y|%d/%m/%y|%d %b %Y|%d %b, %Y|%d %B %Y|%d %B, %Y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @eo
        d%Y-%m-%d|%y-%m-%d|%Y %m %d|%Y.%m.%d|%d-a de %b %Y|%d %b %Y|%d-a de %B %Y|%d %B %Y|
         %d %m %Y|%d/%m/%Y
        t%H:%M:%S|%H:%M
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M|%Y.%m.%d %H:%M:%S|%Y.%m.%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M|%y-%m-%d %H:%M:%S|%y-%m-%d %H:%M
        @es
        d%d/%m/%Y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @es-ar
        d%d/%m/%Y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @es-co
        d%d/%m/%Y|%d/%m/%y|%Y%m%d
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @es-mx
        d%d/%m/%Y|%d/%m/%y|%Y%m%d
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @es-ni
        d%d/%m/%Y|%d/%m/%y|%Y%m%d
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @es-pr
        d%d/%m/%Y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @fi
        d%d.%m.%Y|%d.%m.%y
        t%H.%M.%S|%H.%M.%S.%f|%H.%M
        b%d.%m.%Y %H.%M.%S|%d.%m.%Y %H.%M.%S.%f|%d.%m.%Y %H.%M|%d.%m.%y %H.%M.%S|
         %d.%m.%y %H.%M.%S.%f|%d.%m.%y %H.%M
        @fr
        d%d/%m/%Y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M
        @fr-be
        d%d.%m.%Y|%d.%m.%y|%d/%m/%Y|%d/%m/%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M
        @fr-ca
        d%Y-%m-%d|%y-%m-%d
        b%Y-%m-%d %H:%M:%S|%y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%y-%m-%d %H:%M:%S.%f|
         %Y-%m-%d %H:%M|%y-%m-%d %H:%M
        @fr-ch
        d%d.%m.%Y|%d.%m.%y|%d/%m/%Y|%d/%m/%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M
        @hr
        d%Y-%m-%d|%d.%m.%Y.|%d.%m.%y.|%d. %m. %Y.|%d. %m. %y.
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y. %H:%M:%S|
         %d.%m.%Y. %H:%M:%S.%f|%d.%m.%Y. %H:%M|%d.%m.%y. %H:%M:%S|%d.%m.%y. %H:%M:%S.%f|
         %d.%m.%y. %H:%M|%d. %m. %Y. %H:%M:%S|%d. %m. %Y. %H:%M:%S.%f|%d. %m. %Y. %H:%M|
         %d. %m. %y. %H:%M:%S|%d. %m. %y. %H:%M:%S.%f|%d. %m. %y. %H:%M
        @hu
        d%Y.%m.%d.
        t%H:%M:%S|%H:%M
        b%Y.%m.%d. %H:%M:%S|%Y.%m.%d. %H:%M:%S.%f|%Y.%m.%d. %H:%M
        @id
        d%d-%m-%Y|%d/%m/%Y|%d-%m-%y|%d/%m/%y|%d %b %Y|%d %B %Y|%m/%d/%y|%m/%d/%Y
        t%H.%M.%S|%H.%M
        b%d-%m-%Y %H.%M.%S|%d-%m-%Y %H.%M.%S.%f|%d-%m-%Y %H.%M|%d-%m-%y %H.%M.%S|
         %d-%m-%y %H.%M.%S.%f|%d-%m-%y %H.%M|%m/%d/%y %H.%M.%S|%m/%d/%y %H.%M.%S.%f|%m/%d/%y %H.%M|
         %m/%d/%Y %H.%M.%S|%m/%d/%Y %H.%M.%S.%f|%m/%d/%Y %H.%M
        @ig
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y
        @it
        d%d/%m/%Y|%Y/%m/%d|%d-%m-%Y|%Y-%m-%d|%d-%m-%y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M|%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|
         %d-%m-%Y %H:%M:%S|%d-%m-%Y %H:%M:%S.%f|%d-%m-%Y %H:%M|%d-%m-%y %H:%M:%S|
         %d-%m-%y %H:%M:%S.%f|%d-%m-%y %H:%M
        @ka
        d%Y-%m-%d|%m/%d/%Y|%m/%d/%y|%d.%m.%Y|%d.%m.%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|
         %d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|
         %m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|
         %m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M
        @ko
        d%Y-%m-%d|%m/%d/%Y|%m/%d/%y|%Y년 %m월 %d일
        t%H:%M:%S|%H:%M:%S.%f|%H:%M|%H시 %M분 %S초|%H시 %M분
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|
         %m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M|
         %Y년 %m월 %d일 %H시 %M분 %S초|%Y년 %m월 %d일 %H시 %M분
        @ky
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y
        @lt
        d%Y-%m-%d|%d.%m.%Y|%d.%m.%y
        t%H:%M:%S|%H:%M:%S.%f|%H:%M|%H.%M.%S|%H.%M.%S.%f|%H.%M
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|
         %d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|
         %d.%m.%y %H.%M.%S|%d.%m.%y %H.%M.%S.%f|%d.%m.%y %H.%M
        @lv
        d%Y-%m-%d|%d.%m.%Y|%d.%m.%y
        t%H:%M:%S|%H:%M:%S.%f|%H:%M|%H.%M.%S|%H.%M.%S.%f|%H.%M
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|
         %d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|
         %d.%m.%y %H.%M.%S|%d.%m.%y %H.%M.%S.%f|%d.%m.%y %H.%M
        @mk
        d%d.%m.%Y|%d.%m.%y|%d. %m. %Y|%d. %m. %y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d. %m. %Y %H:%M:%S|%d. %m. %Y %H:%M:%S.%f|
         %d. %m. %Y %H:%M|%d. %m. %y %H:%M:%S|%d. %m. %y %H:%M:%S.%f|%d. %m. %y %H:%M
        @ml
        d%Y-%m-%d|%m/%d/%Y|%m/%d/%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|
         %m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M
        @ms
        d%Y-%m-%d|%d/%m/%Y|%d/%m/%y|%d %b %Y|%d %b, %Y|%d %B %Y|%d %B, %Y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @nb
        d%Y-%m-%d|%d.%m.%Y|%d.%m.%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|
         %d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M
        @nl
        d%d-%m-%Y|%d-%m-%y|%d/%m/%Y|%d/%m/%y|%Y/%m/%d
        t%H:%M:%S|%H:%M:%S.%f|%H.%M:%S|%H.%M:%S.%f|%H.%M|%H:%M
        b%d-%m-%Y %H:%M:%S|%d-%m-%y %H:%M:%S|%Y-%m-%d %H:%M:%S|%d/%m/%Y %H:%M:%S|%d/%m/%y %H:%M:%S|
         %Y/%m/%d %H:%M:%S|%d-%m-%Y %H:%M:%S.%f|%d-%m-%y %H:%M:%S.%f|%Y-%m-%d %H:%M:%S.%f|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%y %H:%M:%S.%f|%Y/%m/%d %H:%M:%S.%f|%d-%m-%Y %H.%M:%S|
         %d-%m-%y %H.%M:%S|%d/%m/%Y %H.%M:%S|%d/%m/%y %H.%M:%S|%d-%m-%Y %H.%M:%S.%f|
         %d-%m-%y %H.%M:%S.%f|%d/%m/%Y %H.%M:%S.%f|%d/%m/%y %H.%M:%S.%f|%d-%m-%Y %H:%M|
         %d-%m-%y %H:%M|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M|%d/%m/%y %H:%M|%Y/%m/%d %H:%M|%d-%m-%Y %H.%M|
         %d-%m-%y %H.%M|%d/%m/%Y %H.%M|%d/%m/%y %H.%M
        @nn
        d%Y-%m-%d|%d.%m.%Y|%d.%m.%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|
         %d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M
        @pl
        d%d.%m.%Y|%d.%m.%y|%y-%m-%d
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M
        @pt
        d%Y-%m-%d|%d/%m/%Y|%d/%m/%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|
         %d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @pt-br
        d%d/%m/%Y|%d/%m/%y
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|
         %d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M
        @ro
        d%d.%m.%Y|%d.%b.%Y|%d %B %Y|%A, %d %B %Y
        t%H:%M|%H:%M:%S|%H:%M:%S.%f
        b%d.%m.%Y, %H:%M|%d.%m.%Y, %H:%M:%S|%d.%B.%Y, %H:%M|%d.%B.%Y, %H:%M:%S
        @ru
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M
        @sk
        d%d.%m.%Y|%d.%m.%y|%y-%m-%d
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M
        @sl
        d%d.%m.%Y|%d.%m.%y|%d-%m-%Y|%d. %m. %Y|%d. %m. %y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d-%m-%Y %H:%M:%S|%d-%m-%Y %H:%M:%S.%f|%d-%m-%Y %H:%M|
         %d. %m. %Y %H:%M:%S|%d. %m. %Y %H:%M:%S.%f|%d. %m. %Y %H:%M|%d. %m. %y %H:%M:%S|
         %d. %m. %y %H:%M:%S.%f|%d. %m. %y %H:%M
        @sr
        d%d.%m.%Y.|%d.%m.%y.|%d. %m. %Y.|%d. %m. %y.
        b%d.%m.%Y. %H:%M:%S|%d.%m.%Y. %H:%M:%S.%f|%d.%m.%Y. %H:%M|%d.%m.%y. %H:%M:%S|
         %d.%m.%y. %H:%M:%S.%f|%d.%m.%y. %H:%M|%d. %m. %Y. %H:%M:%S|%d. %m. %Y. %H:%M:%S.%f|
         %d. %m. %Y. %H:%M|%d. %m. %y. %H:%M:%S|%d. %m. %y. %H:%M:%S.%f|%d. %m. %y. %H:%M
        @sr-latn
        d%d.%m.%Y.|%d.%m.%y.|%d. %m. %Y.|%d. %m. %y.
        b%d.%m.%Y. %H:%M:%S|%d.%m.%Y. %H:%M:%S.%f|%d.%m.%Y. %H:%M|%d.%m.%y. %H:%M:%S|
         %d.%m.%y. %H:%M:%S.%f|%d.%m.%y. %H:%M|%d. %m. %Y. %H:%M:%S|%d. %m. %Y. %H:%M:%S.%f|
         %d. %m. %Y. %H:%M|%d. %m. %y. %H:%M:%S|%d. %m. %y. %H:%M:%S.%f|%d. %m. %y. %H:%M
        @sv
        d%Y-%m-%d|%m/%d/%Y|%m/%d/%y
        b%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|
         %m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M
        @tg
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y
        @th
        d%d/%m/%Y|%d %b %Y|%d %B %Y
        t%H:%M:%S|%H:%M:%S.%f|%H:%M
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M
        @tk
        d%d.%m.%Y|%d.%m.%y
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|
         %d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y
        @tr
        d%d/%m/%Y|%d/%m/%y|%y-%m-%d
        b%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M
        @uk
        d%d.%m.%Y|%d %B %Y
        t%H:%M:%S|%H:%M:%S.%f|%H:%M
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d %B %Y %H:%M:%S|
         %d %B %Y %H:%M:%S.%f|%d %B %Y %H:%M
        @uz
        d%d.%m.%Y|%d-%B, %Y-yil
        b%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d-%B, %Y-yil %H:%M:%S|
         %d-%B, %Y-yil %H:%M:%S.%f|%d-%B, %Y-yil %H:%M
        @zh-hans
        d%Y/%m/%d|%Y-%m-%d|%Y年%n月%j日
        t%H:%M|%H:%M:%S|%H:%M:%S.%f
        b%Y/%m/%d %H:%M|%Y-%m-%d %H:%M|%Y年%n月%j日 %H:%M|%Y/%m/%d %H:%M:%S|%Y-%m-%d %H:%M:%S|
         %Y年%n月%j日 %H:%M:%S|%Y/%m/%d %H:%M:%S.%f|%Y-%m-%d %H:%M:%S.%f|%Y年%n月%j日 %H:%n:%S.%f
        @zh-hant
        d%Y/%m/%d|%Y-%m-%d|%Y年%n月%j日
        t%H:%M|%H:%M:%S|%H:%M:%S.%f
        b%Y/%m/%d %H:%M|%Y-%m-%d %H:%M|%Y年%n月%j日 %H:%M|%Y/%m/%d %H:%M:%S|%Y-%m-%d %H:%M:%S|
         %Y年%n月%j日 %H:%M:%S|%Y/%m/%d %H:%M:%S.%f|%Y-%m-%d %H:%M:%S.%f|%Y年%n月%j日 %H:%n:%S.%f
        """#
}
