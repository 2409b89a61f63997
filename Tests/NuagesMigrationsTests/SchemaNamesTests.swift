import Testing

@testable import NuagesORM

/// The expected names are Django 6.1's.
@Suite struct SchemaNamesTests {
    @Test(arguments: [
        ("polls_choice", ["question_id"], "", "polls_choice_question_id_c5b4b260"),
        (
            "orm_book_authors", ["book_id", "author_id"], "_uniq",
            "orm_book_authors_book_id_author_id_89f354b4_uniq"
        ),
        (
            "\"other\".\"polls_choice\"", ["question_id"], "_idx",
            "polls_choice_question_id_c5b4b260_idx"
        ),
        ("große_tabelle", ["größe"], "", "große_tabelle_größe_71602ada"),
        (
            "_table_with_a_very_long_name_that_goes_on_and_on_and_on_and_on_until_it_is_really_long_"
                + "indeed_yes",
            (0..<4).map { "column_with_a_long_name_\($0)_that_adds_up_to_a_lot" }, "_uniq",
            "D_table_with_a_very_long_name_that_goes_on_and_on_and_on_and_on_until_it_is_really_long_"
                + "indee_column_with_a_long_name_0_that_adds_up_to_a_lot_column_with_a_long_name_1_that_"
                + "adds_up_to_a__3a2a7af9_uni"
        ),
        (
            String(repeating: "t", count: 120), [String(repeating: "c", count: 120)],
            "_fk_" + String(repeating: "u", count: 90) + "_id",
            String(repeating: "t", count: 66) + "_" + String(repeating: "c", count: 66)
                + "_fa590458_fk_" + String(repeating: "u", count: 54)
        ),
    ])
    func namesIndexesAsDjango(table: String, columns: [String], suffix: String, expected: String) {
        #expect(SchemaNames().index(table: table, columns: columns, suffix: suffix) == expected)
    }

    @Test(arguments: [
        ("orm_book", ["pubdate"], "orm_book_pubdate_6be58b_idx"),
        ("orm_gadget", ["-slot", "shelf"], "orm_gadget_slot_9b5ae7_idx"),
        ("_under", ["name"], "Dunder_name_1fe9e5_idx"),
        ("1table", ["name"], "Dtable_name_0838ba_idx"),
    ])
    func namesMetaIndexesAsDjango(table: String, columns: [String], expected: String) {
        #expect(SchemaNames.metaIndex(table: table, columns: columns) == expected)
    }

    @Test func namesForeignKeysAsDjango() {
        let name = SchemaNames().foreignKey(
            table: "polls_choice",
            column: "question_id",
            target: "polls_question",
            targetColumn: "id"
        )
        #expect(name == "polls_choice_question_id_c5b4b260_fk_polls_question_id")
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        (String(repeating: "x", count: 200), "30a83621ce5422fbdfdd539777458c78"),
        (
            "12345678901234567890123456789012345678901234567890123456",
            "49f193adce178490e34d1b3a4ec0064c"
        ),
    ])
    func hashesAsMD5(text: String, expected: String) {
        #expect(MD5.hexDigest(of: text.utf8) == expected)
    }
}
