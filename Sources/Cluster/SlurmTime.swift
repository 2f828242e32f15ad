import Pipeline

/// A time limit as Slurm takes it: `90`, `90:00`, `02:00:00`, `1-12`, `1-12:30`, `1-12:30:00`.
public struct SlurmTime: Sendable, Equatable {
    /// As it was given.
    public let text: String
    public let seconds: Int

    /// With a shorter limit, a task would be told that its time is over before it has begun: Slurm says so a minute
    /// before the end, give or take another minute.
    static let shortest = 180
    /// 100 days: more is a mistake.
    static let longest = 8_640_000

    /// Two hours: short enough for the gaps that a scheduler fills, long enough for the two minutes after it not to matter.
    public static let standard = SlurmTime(text: "02:00:00", seconds: 7200)
}

extension SlurmTime {
    public init(_ text: String) throws(MalformedArgument) {
        let malformed = MalformedArgument(
            description: "expected a time of Slurm's such as 90 (minutes), 02:00:00 or 1-12:00:00, found \"\(text)\"")
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let hasDays = parts.count == 2
        let fields = parts[parts.count - 1].split(separator: ":", omittingEmptySubsequences: false)
        var numbers: [Int] = []
        for field in (hasDays ? [parts[0]] : []) + fields {
            guard (1...7).contains(field.utf8.count), field.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(field)
            else { throw malformed }
            numbers.append(number)
        }
        let units: [Int]
        switch (hasDays, fields.count) {
        case (true, 1...3): units = [86400, 3600, 60, 1]
        case (false, 3): units = [3600, 60, 1]
        case (false, 1...2): units = [60, 1]
        default: throw malformed
        }
        seconds = zip(numbers, units).reduce(0) { $0 + $1.0 * $1.1 }
        guard (Self.shortest...Self.longest).contains(seconds) else {
            throw MalformedArgument(description: "expected a time from 3 minutes to 100 days, found \"\(text)\"")
        }
        self.text = text
    }
}
