import Foundation
import Testing

@testable import Records

@Suite struct MeasureTests {
    @Test(arguments: Measure.all) func `a row of the table holds together`(measure: Measure) throws {
        #expect(!measure.short.isEmpty && !measure.words.isEmpty)
        // Only where a fall is bad can a path dip.
        #expect(!measure.isDip || measure.better == .higher && measure.bar != nil)
        if let sorting = measure.sorting {
            #expect(sorting.name.allSatisfy { $0.isLetter }, "it is an attribute's name")
        }
        guard let entry = measure.entry else { return }
        #expect(entry.scale.contains(entry.typical.lowerBound) && entry.scale.contains(entry.typical.upperBound))
        var sentence = entry.sentence
        for key in [measure.key] + entry.with {
            #expect(sentence.contains("{\(key.rawValue)}"), "\(sentence)")
            sentence = sentence.replacingOccurrences(of: "{\(key.rawValue)}", with: "1")
        }
        #expect(!sentence.contains("{") && !sentence.contains("\n"), "\(sentence)")
    }

    @Test func `no two measures share a name where both are shown`() {
        for names in [
            Measure.ofPaths.map(\.short), Measure.ofPaths.map(\.words), Measure.all.compactMap(\.sorting?.name),
            Measure.all.compactMap(\.entry?.title),
        ] { #expect(Set(names).count == names.count, "\(names)") }
        #expect(Set(Measure.byRank.map(\.key)) == Set(Measure.ofPaths.map(\.key)))
    }

    @Test func `a film is worth its worst path, and foreign numbers do not count`() {
        let worst = MeasuredValues(worstOf: [
            [.robustMinimum: 0.9, .featureStepRatio: 1.1, .flicker: 1e300],
            [.robustMinimum: 0.8, .featureStepRatio: 1.3],
            [:],
        ])
        #expect(worst == [.robustMinimum: 0.8, .featureStepRatio: 1.3])
    }
}
