import Records
import Testing

@Suite struct DurationsTests {
    @Test(arguments: [
        ("90s", 90), ("30m", 1800), ("8h", 28800), ("1h30m", 5400), ("1h1m1s", 3661), ("12h", 43_200),
        ("30d", 2_592_000),
        ("4w", 2_419_200), ("1w2d3h4m5s", 788_645), ("0d", 0), ("3600000s", 3_600_000),
    ])
    func `spans are read as seconds`(text: String, seconds: Int) {
        #expect(Durations.seconds(of: text) == seconds)
    }

    @Test(arguments: [
        "", "8", "h", "8x", "8 h", "-1h", "1.5h", "30m1h", "1h1h", "1H", "1d1w", "3600001s", "99999999999999999999h",
        "८h",
    ])
    func `what is no span is read as none`(text: String) {
        #expect(Durations.seconds(of: text) == nil)
    }

    @Test(arguments: [
        (0.0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (754, "12:34"), (10_800, "3:00:00"), (-1, "--:--"),
        (.nan, "--:--"), (.infinity, "--:--"), (1e300, "--:--"),
    ])
    func `spans are shown as a clock shows them`(seconds: Double, text: String) {
        #expect(Durations.clock(seconds) == text)
    }

    @Test(arguments: [
        (0.0, "0.0_s"), (3.25, "3.3_s"), (9.94, "9.9_s"), (9.95, "10_s"), (200, "3_min 20_s"), (3725, "1_h 2_min"),
        (4_000_000, "1,111_h 6_min"), (.nan, "–"), (-1, "–"), (1e9, "–"),
    ])
    func `spans are shown in their two largest units`(seconds: Double, text: String) {
        #expect(Durations.short(seconds) == text.replacing("_", with: "\u{A0}"))
    }

    @Test(arguments: [
        (0.4, "0.4 seconds"), (61, "1.0 minutes"), (700, "12 minutes"), (5000, "1.4 hours"), (360_000, "100 hours"),
        (1e300, "–"), (.infinity, "–"), (.nan, "–"), (-1, "–"),
    ])
    func `forecasts are shown roughly, in words`(seconds: Double, text: String) {
        #expect(Durations.rough(seconds) == text)
    }

    @Test func `digits are grouped by thousands`() {
        #expect([0, 999, 1000, 1_234_567].map(\.grouped) == ["0", "999", "1,000", "1,234,567"])
        #expect(Int.min.grouped == "−9,223,372,036,854,775,808")
    }
}
