import ArgumentParser

/// A number for each color, as `--mean` and `--std` take them: `0.485,0.456,0.406`, or one for all.
struct ColorNumbers: ExpressibleByArgument, Equatable {
    let values: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Double($0) }
        guard [1, 3].contains(parts.count), values.count == parts.count,
            values.allSatisfy({ $0.isFinite && abs($0) <= 1000 })
        else { return nil }
        self.values = values
    }
}
