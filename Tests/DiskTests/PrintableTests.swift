import Foundation
import Testing

@testable import Disk

struct PrintableTests {
    @Test(arguments: [
        ("Output/birds/block_4_add/6", "Output/birds/block_4_add/6"), ("Müller – ü 🦊 👩‍👩‍👧", "Müller – ü 🦊 👩‍👩‍👧"), ("", ""),
        ("a\nb\r\tc", #"a\nb\r\tc"#), ("\u{1B}[31mred", #"\x1B[31mred"#), ("\u{7F}\u{9B}0", #"\x7F\x9B0"#),
        ("gpj\u{202E}.exe", #"gpj\u{202E}.exe"#), ("two\u{2028}lines", #"two\u{2028}lines"#),
    ])
    func `what would move a terminal's cursor is shown by its code`(text: String, shown: String) {
        #expect(text.printable == shown)
    }

    @Test func `bytes that are no text are shown`() {
        #expect(String.showing(Array("M".utf8) + [0xFC] + Array("ller\n".utf8)) == #"M\xFCller\x0A"#)
    }
}
