import Disk
import Foundation
import Pipeline
import Records

/// Which of the films that its last runs wanted an output folder holds. It is told from the folder's files alone: no
/// manifest is read, and no process or scheduler is asked.
public struct OutputStatus: Sendable {
    public enum State: Sendable, Equatable {
        case done
        /// A living process is rendering it. `since`: ISO 8601, by that machine's clock.
        case running(host: String, process: Int32, task: String?, since: String)
        /// The last attempt failed, and none has been made since.
        case failed(message: String, log: String)
        /// `stopped`: it was begun, and the next run goes on from its checkpoint.
        case missing(stopped: Bool)
    }

    public struct Reel: Sendable, Equatable {
        /// `name/layer/unit`.
        public let reel: String
        public let state: State
        /// The label of the class that the film is of.
        public var label: String?
    }

    public struct Layer: Sendable, Equatable, Encodable {
        public var name: String
        public var layer: String
        public var films = 0
        public var done = 0
        public var running = 0
        public var failed = 0
        public var missing = 0

        mutating func add(_ state: State) {
            films += 1
            switch state {
            case .done: done += 1
            case .running: running += 1
            case .failed: failed += 1
            case .missing: missing += 1
            }
        }
    }

    /// In the order of the runs' manifests.
    public let reels: [Reel]
    /// Whether a run has left a plan. Without one, only the films that are there are known.
    public let isPlanned: Bool
    /// What may not be read, so that it is not known whether a film is there.
    public let unreadable: [DiskError]

    /// - Parameters:
    ///   - output: a folder that films were rendered to.
    ///   - liveness: tells which processes are alive; nil: by their heartbeats in that folder.
    public init(output: String, liveness: Liveness? = nil) {
        let folder = RunFolder(output: output)
        let liveness = liveness ?? Liveness(folder)
        let plans = BatchPlan.all(in: folder)
        isPlanned = !plans.isEmpty
        var reels: [Reel] = []
        let search = FilmSearch(in: output)
        var unreadable = search.unreadable
        do throws(DiskError) { try Folder.check(folder.plans) } catch {
            // No run has left one, unless it may not be looked for.
            if error.kind != .notFound { unreadable.append(error) }
        }
        self.unreadable = unreadable
        var seen: Set<String> = []
        for plan in plans {
            for film in plan.films where seen.insert(film.reel).inserted {
                let isDone = ReelStatus.isDone(
                    "\(output)/\(film.reel)", job: film.job,
                    network: FilmPlace(film.reel).flatMap { plan.networks[$0.name] },
                    engineRevision: plan.engineRevision)
                reels.append(
                    Reel(
                        reel: film.reel, state: isDone ? .done : Self.state(film.reel, folder, liveness),
                        label: film.label))
            }
        }
        if plans.isEmpty {
            let films = search.sorted.filter { FileSignature("\($0)/\(FilmRecord.fileName)") != nil }
            // A film's own folder is no output folder.
            reels = films.compactMap { FilmPlace($0.dropFirst(output.count + 1)) }.map {
                Reel(reel: $0.path, state: .done)
            }
        }
        self.reels = reels
    }

    /// The state of a reel whose film is not there.
    private static func state(_ reel: String, _ folder: RunFolder, _ liveness: Liveness) -> State {
        if let owner = ReelClaim.holder(folder.claim(ofReel: reel), liveness) {
            return .running(host: owner.host, process: owner.process, task: owner.task, since: owner.since)
        }
        let log = folder.log(ofReel: reel)
        guard let line = ReelLog.lastLine(of: log) else { return .missing(stopped: false) }
        if line.event == "failed" { return .failed(message: line.message ?? "", log: log) }
        return .missing(stopped: line.event != "finished")
    }

    /// The layers of each name, in order.
    public var layers: [Layer] {
        var layers: [Layer] = []
        var places: [String: Int] = [:]
        for reel in reels {
            let place = FilmPlace(reel.reel)
            let (name, layer) = (place?.name ?? reel.reel, place?.layer ?? "")
            let index = places["\(name)/\(layer)"] ?? layers.count
            if index == layers.count {
                places["\(name)/\(layer)"] = index
                layers.append(Layer(name: name, layer: layer))
            }
            layers[index].add(reel.state)
        }
        return layers
    }

    /// The sum of all layers.
    public var total: Layer {
        reels.reduce(into: Layer(name: "", layer: "")) { $0.add($1.state) }
    }
}
