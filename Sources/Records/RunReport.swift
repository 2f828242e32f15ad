import Disk
import Foundation

/// `report.json`: what a run did, for programs and for the pages. A report may be of another version, or come from
/// anybody: values that are missing count as zero or none.
public struct RunReport: Codable, Sendable, Equatable {
    /// The version of this form of report.
    public var version = 1
    public var engineRevision = ""
    /// ISO 8601, in UTC.
    public var started = ""
    public var ended = ""
    public var seconds = 0.0
    /// As the command was given them.
    public var manifests: [String] = []
    public var workers = 0
    /// `signal 15`, `time budget`, or why no further reel was started; null if the run went to its end.
    public var stopped: String?
    public var counts = Counts([])
    public var evaluations = 0
    public var evaluationsPerSecond = 0.0
    /// The failure that happened first.
    public var firstFailure: Failure?
    public var reels: [Entry] = []
    /// For a part of a batch: which part, as `I/N`.
    public var shard: String?
    /// The batch of which this reports a part or the whole.
    public var batch: String?
    /// The file of the plan that says what films the whole batch is to make.
    public var plan: String?

    public struct Failure: Codable, Sendable, Equatable {
        public var reel: String
        public var message: String

        public init(reel: String, message: String) {
            self.reel = reel
            self.message = message
        }
    }

    public struct Entry: Codable, Sendable, Equatable {
        /// `name/layer/unit`; empty where the report does not say.
        public var reel: String
        public var outcome: Outcome
        public var seconds: Double
        public var evaluations: Int
        public var message: String?
        /// The path of its log.
        public var log: String?
        /// The label of the class that the film is of.
        public var label: String?
        /// The network that it is of, as in `FilmRecord.Network.file`; nil for the default one.
        public var network: String?
        /// Only of a film that is there and is not good.
        public var flag: FilmFlag?
        /// Only of a film that is there and has a trust report.
        public var grade: FilmGrade?

        fileprivate enum CodingKeys: String, CodingKey {
            case reel, outcome, seconds, evaluations, message, log, network, flag, grade
            case label = "class"
        }

        public init(
            reel: String, outcome: Outcome, seconds: Double, evaluations: Int, message: String? = nil,
            log: String? = nil, label: String? = nil, network: String? = nil,
            flag: FilmFlag? = nil, grade: FilmGrade? = nil
        ) {
            self.reel = reel
            self.outcome = outcome
            self.seconds = seconds
            self.evaluations = evaluations
            self.message = message
            self.log = log
            self.label = label
            self.network = network
            self.flag = flag
            self.grade = grade
        }
    }

    public enum Outcome: String, Codable, Sendable {
        case rendered, upToDate, byAnotherProcess, failed, stopped, notStarted

        /// Whether there is a film.
        var isThere: Bool {
            switch self {
            case .rendered, .upToDate, .byAnotherProcess: true
            case .failed, .stopped, .notStarted: false
            }
        }
    }

    public struct Counts: Codable, Sendable, Equatable {
        public var all = 0
        public var rendered = 0
        public var upToDate = 0
        public var byAnotherProcess = 0
        public var failed = 0
        public var stopped = 0
        public var notStarted = 0
        /// Films that are there and are not good.
        public var flagged = 0
        /// Films that are there, by the grades of their trust reports.
        public var gradeA = 0
        public var gradeB = 0
        public var gradeC = 0
        public var gradeD = 0

        public init(_ outcomes: [Outcome], flagged: Int = 0, grades: GradeCounts = GradeCounts([])) {
            func count(_ wanted: Outcome) -> Int { outcomes.count { $0 == wanted } }
            all = outcomes.count
            (rendered, upToDate, byAnotherProcess) = (count(.rendered), count(.upToDate), count(.byAnotherProcess))
            (failed, stopped, notStarted) = (count(.failed), count(.stopped), count(.notStarted))
            self.flagged = flagged
            (gradeA, gradeB, gradeC, gradeD) = (grades[.a], grades[.b], grades[.c], grades[.d])
        }

        public init(of reels: [Entry]) {
            self.init(
                reels.map(\.outcome), flagged: reels.count { $0.flag != nil },
                grades: GradeCounts(reels.map(\.grade)))
        }

        /// Films that are not there and have not failed.
        public var left: Int { stopped + notStarted }
    }

    /// An empty one, to be filled.
    public init() {}

    public var failures: [Entry] { reels.filter { $0.outcome == .failed } }

    /// Films that are not good, the worst first.
    public var flagged: [(reel: Entry, flag: FilmFlag)] {
        reels.compactMap { reel in reel.flag.map { (reel, $0) } }.sortedByFlag(\.1)
    }

    /// How many films have each grade.
    public var grades: GradeCounts { GradeCounts(reels.map(\.grade)) }

    /// Films that people should not trust as they are, the worst first.
    public var doubtful: [(reel: Entry, grade: FilmGrade)] {
        reels.compactMap { reel in reel.grade.map { (reel, $0) } }.filter { $0.1.letter >= .c }.sortedByGrade(\.1)
    }

    /// Asks the films that are there whether they are good, and how far they can be trusted.
    public mutating func readJudgements(in output: String) {
        let there = reels.indices.filter { reels[$0].outcome.isThere }
        for (index, judgement) in zip(there, FilmJudgement.all(of: there.map { reels[$0].reel }, in: output)) {
            (reels[index].flag, reels[index].grade) = (judgement.flag, judgement.grade)
        }
        counts = Counts(of: reels)
    }

    /// Indented, with sorted keys.
    public func json() throws -> Data {
        try stableJSON(isIndented: true) + Data("\n".utf8)
    }
}

extension RunReport {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, else missing: Value) throws -> Value {
            try container.decodeIfPresent(Value.self, forKey: key) ?? missing
        }
        version = try read(.version, else: version)
        engineRevision = try read(.engineRevision, else: engineRevision)
        started = try read(.started, else: started)
        ended = try read(.ended, else: ended)
        seconds = try read(.seconds, else: seconds).possible
        manifests = try read(.manifests, else: manifests)
        workers = try read(.workers, else: workers).possible
        stopped = try read(.stopped, else: nil)
        evaluations = try read(.evaluations, else: evaluations).possible
        evaluationsPerSecond = try read(.evaluationsPerSecond, else: evaluationsPerSecond)
        firstFailure = try read(.firstFailure, else: nil)
        reels = try read(.reels, else: reels)
        counts = Counts(of: reels)
        shard = try read(.shard, else: nil)
        batch = try read(.batch, else: nil)
        plan = try read(.plan, else: nil)
    }
}

extension RunReport.Entry {
    /// How messages name the film: `birds/classifier/11 (goldfinch)`.
    public var title: String { reel + (label.map { " (\(ClassLabel.short($0)))" } ?? "") }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // An unknown outcome does not count as done.
        let outcome = try container.decodeIfPresent(String.self, forKey: .outcome).flatMap(RunReport.Outcome.init)
        self.init(
            reel: try container.decodeIfPresent(String.self, forKey: .reel) ?? "", outcome: outcome ?? .notStarted,
            seconds: (try container.decodeIfPresent(Double.self, forKey: .seconds) ?? 0).possible,
            evaluations: (try container.decodeIfPresent(Int.self, forKey: .evaluations) ?? 0).possible,
            message: try container.decodeIfPresent(String.self, forKey: .message),
            log: try container.decodeIfPresent(String.self, forKey: .log),
            label: try container.decodeIfPresent(String.self, forKey: .label),
            network: try container.decodeIfPresent(String.self, forKey: .network),
            flag: try container.decodeIfPresent(FilmFlag.self, forKey: .flag),
            // A letter that nobody knows grades nothing.
            grade: try? container.decodeIfPresent(FilmGrade.self, forKey: .grade))
    }
}

extension Comparable where Self: ExpressibleByIntegerLiteral {
    /// A count, or seconds, as a report may say them: none is below 0, and none so large that sums of them overflow.
    fileprivate var possible: Self { min(max(self, 0), 1_000_000_000_000) }
}

extension RunReport.Failure {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        reel = try container.decodeIfPresent(String.self, forKey: .reel) ?? ""
        message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
    }
}
