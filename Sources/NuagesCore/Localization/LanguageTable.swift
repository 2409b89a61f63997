/// The languages of Django, as facts about its locales: in the order of the setting `LANGUAGES`,
/// then names that stand for others.
///
/// Each line has a code, the name in English, the language's own name, `r` where it is written
/// from right to left, the codes to try in its place, and a mark: `-` where it is not in
/// `LANGUAGES`, `!` where it has no catalogue.
enum LanguageTable {
    static let text = """
        af|Afrikaans|Afrikaans|||
        ar|Arabic|العربيّة|r||
        ar-dz|Algerian Arabic|العربية الجزائرية|r||
        ast|Asturian|asturianu|||
        az|Azerbaijani|Azərbaycanca|r||
        bg|Bulgarian|български|||
        be|Belarusian|беларуская|||
        bn|Bengali|বাংলা|||
        br|Breton|brezhoneg|||
        bs|Bosnian|bosanski|||
        ca|Catalan|català|||
        ckb|Central Kurdish (Sorani)|کوردی|r||
        cs|Czech|česky|||
        cy|Welsh|Cymraeg|||
        da|Danish|dansk|||
        de|German|Deutsch|||
        dsb|Lower Sorbian|dolnoserbski|||
        el|Greek|Ελληνικά|||
        en|English|English|||
        en-au|Australian English|Australian English|||
        en-gb|British English|British English|||
        eo|Esperanto|Esperanto|||
        es|Spanish|español|||
        es-ar|Argentinian Spanish|español de Argentina|||
        es-co|Colombian Spanish|español de Colombia|||
        es-mx|Mexican Spanish|español de Mexico|||
        es-ni|Nicaraguan Spanish|español de Nicaragua|||
        es-ve|Venezuelan Spanish|español de Venezuela|||
        et|Estonian|eesti|||
        eu|Basque|euskara|||
        fa|Persian|فارسی|r||
        fi|Finnish|suomi|||
        fr|French|français|||
        fy|Frisian|frysk|||
        ga|Irish|Gaeilge|||
        gd|Scottish Gaelic|Gàidhlig|||
        gl|Galician|galego|||
        he|Hebrew|עברית|r||
        hi|Hindi|हिंदी|||
        hr|Croatian|Hrvatski|||
        hsb|Upper Sorbian|hornjoserbsce|||
        ht|Haitian Creole|Kreyòl Ayisyen|||!
        hu|Hungarian|Magyar|||
        hy|Armenian|հայերեն|||
        ia|Interlingua|Interlingua|||
        id|Indonesian|Bahasa Indonesia|||
        ig|Igbo|Asụsụ Ìgbò|||
        io|Ido|ido|||
        is|Icelandic|Íslenska|||
        it|Italian|italiano|||
        ja|Japanese|日本語|||
        ka|Georgian|ქართული|||
        kab|Kabyle|taqbaylit|||
        kk|Kazakh|Қазақ|||
        km|Khmer|Khmer|||
        kn|Kannada|Kannada|||
        ko|Korean|한국어|||
        ky|Kyrgyz|Кыргызча|||
        lb|Luxembourgish|Lëtzebuergesch|||
        lt|Lithuanian|Lietuviškai|||
        lv|Latvian|latviešu|||
        mk|Macedonian|Македонски|||
        ml|Malayalam|മലയാളം|||
        mn|Mongolian|Mongolian|||
        mr|Marathi|मराठी|||
        ms|Malay|Bahasa Melayu|||
        my|Burmese|မြန်မာဘာသာ|||
        nb|Norwegian Bokmal|norsk (bokmål)|||
        ne|Nepali|नेपाली|||
        nl|Dutch|Nederlands|||
        nn|Norwegian Nynorsk|norsk (nynorsk)|||
        os|Ossetic|Ирон|||
        pa|Punjabi|Punjabi|||
        pl|Polish|polski|||
        pt|Portuguese|Português|||
        pt-br|Brazilian Portuguese|Português Brasileiro|||
        ro|Romanian|Română|||
        ru|Russian|Русский|||
        sk|Slovak|slovensky|||
        sl|Slovenian|Slovenščina|||
        sq|Albanian|shqip|||
        sr|Serbian|српски|||
        sr-latn|Serbian Latin|srpski (latinica)|||
        sv|Swedish|svenska|||
        sw|Swahili|Kiswahili|||
        ta|Tamil|தமிழ்|||
        te|Telugu|తెలుగు|||
        tg|Tajik|тоҷикӣ|||
        th|Thai|ภาษาไทย|||
        tk|Turkmen|Türkmençe|||
        tr|Turkish|Türkçe|||
        tt|Tatar|Татарча|||
        udm|Udmurt|Удмурт|||
        ug|Uyghur|ئۇيغۇرچە|r||
        uk|Ukrainian|Українська|||
        ur|Urdu|اردو|r||
        uz|Uzbek|oʻzbek tili|||
        vi|Vietnamese|Tiếng Việt|||
        zh-hans|Simplified Chinese|简体中文|||
        zh-hant|Traditional Chinese|繁體中文|||
        no|Norwegian|norsk|||-
        zh-cn||||zh-hans|-
        zh-hk||||zh-hant|-
        zh-mo||||zh-hant|-
        zh-my||||zh-hans|-
        zh-sg||||zh-hans|-
        zh-tw||||zh-hant|-
        """
}
