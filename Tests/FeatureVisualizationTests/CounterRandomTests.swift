import Testing

@testable import FeatureVisualization

@Suite struct CounterRandomTests {
    /// Salmon et al. 2011, Random123's known answers for philox4x32-10.
    @Test func `Philox gives the known answers of its authors`() {
        let ones = UInt32.max
        let cases: [(SIMD4<UInt32>, SIMD2<UInt32>, SIMD4<UInt32>)] = [
            (.zero, .zero, SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
            (SIMD4(repeating: ones), SIMD2(repeating: ones), SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
            (
                SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
                SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
            ),
        ]
        for (counter, key, answer) in cases {
            let found = CounterRandom.philox(counter, key)
            #expect(found == answer, "counter \(counter) key \(key) gave \(found)")
        }
    }

    @Test func `the same key gives the same numbers, and any other key gives others`() {
        func numbers(_ seed: UInt64, _ stage: String, _ step: Int, _ index: Int) -> [UInt32] {
            var random = CounterRandom(seed: seed, stage: stage, step: step, index: index)
            return (0..<9).map { _ in random.bits() }
        }
        let first = numbers(7, "facet", 3, 1)
        #expect(first == numbers(7, "facet", 3, 1))
        for other in [
            numbers(8, "facet", 3, 1), numbers(7, "band", 3, 1), numbers(7, "facet", 4, 1), numbers(7, "facet", 3, 2),
        ] {
            #expect(first != other)
            #expect(Set(first).isDisjoint(with: other), "streams share numbers: \(first) \(other)")
        }
    }

    @Test func `uniform numbers fill the unit interval evenly`() {
        var random = CounterRandom(seed: 1, stage: "test", step: 0, index: 0)
        let values = (0..<200_000).map { _ in random.uniform() }
        #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
        let counts = values.reduce(into: [Int](repeating: 0, count: 16)) { $0[Int($1 * 16)] += 1 }
        let expected = 200_000.0 / 16
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // 15 degrees of freedom: beyond 45 once in ten thousand; the seed is fixed.
        #expect(chiSquare < 45, "chi-square \(chiSquare), counts \(counts)")
    }

    @Test func `normal numbers have the moments of the normal distribution`() {
        var random = CounterRandom(seed: 2, stage: "test", step: 0, index: 0)
        let values = (0..<200_000).map { _ in Double(random.normal()) }
        func moment(_ power: Int) -> Double {
            values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * value } }
                / Double(values.count)
        }
        let (mean, variance, skew, kurtosis) = (moment(1), moment(2), moment(3), moment(4))
        // Five standard errors of each.
        #expect(abs(mean) < 0.0112, "mean \(mean)")
        #expect(abs(variance - 1) < 0.0158, "variance \(variance)")
        #expect(abs(skew) < 0.0433, "third moment \(skew)")
        #expect(abs(kurtosis - 3) < 0.11, "fourth moment \(kurtosis)")
        #expect(values.allSatisfy { $0.isFinite })
        let neighbours = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(values.count)
        #expect(abs(neighbours) < 0.0112, "neighbours are correlated: \(neighbours)")
    }

    @Test(arguments: [1, 2, 7, 26, 1000]) func `integers cover their range evenly`(bound: Int) {
        var random = CounterRandom(seed: 3, stage: "test", step: 0, index: bound)
        let draws = 20_000
        var counts = [Int](repeating: 0, count: bound)
        for _ in 0..<draws {
            let value = random.integer(below: bound)
            #expect(value >= 0 && value < bound)
            counts[value] += 1
        }
        let expected = Double(draws) / Double(bound)
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        let freedom = Double(bound - 1)
        #expect(chiSquare <= freedom + 5 * (2 * freedom).squareRoot(), "chi-square \(chiSquare) of \(freedom)")
    }
}
