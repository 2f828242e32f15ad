import JSON
import Networks

/// Checks jobs against their networks' layers, and against each other.
struct JobResolution {
    private let networks: NetworkProvider
    /// What was said of each network; each is asked for once.
    private var known: [NetworkReference: Result<NetworkDescription, NetworkError>] = [:]
    /// Who writes to a folder: the job's file and pointer.
    private var owners: [String: String] = [:]
    /// The first job of each name, by the name in small letters.
    private var names: [String: Claim] = [:]
    private var reelCount = 0
    /// Nil if nobody looks into pictures.
    let pictures: PictureInspector?
    /// What is wrong with the pictures that were looked into, by their paths.
    var inspected: [String: String?] = [:]

    /// The first job of a name.
    private struct Claim {
        let name: String
        let network: NetworkReference
        let source: SourceText
        let offset: Int
        let owner: String

        /// `a.json (line 3, column 9)`
        var place: String {
            let place = source.places(ofAscending: [offset])[0]
            return "\(owner) (line \(place.line), column \(place.column))"
        }
    }

    init(networks: NetworkProvider, pictures: PictureInspector? = nil) {
        self.networks = networks
        self.pictures = pictures
    }

    /// The jobs of one object of the manifest; none if an error was reported. Messages about other jobs call it
    /// `owner`.
    mutating func resolve(_ draft: JobDraft, _ node: JSONNode, owner: String, _ decoding: ManifestDecoding) -> [Job] {
        let reportCount = decoding.reportCount
        var jobs: [Job] = []
        if let network = network(of: draft, node, decoding) {
            let lookUp = TargetLookUp(
                network: network, draft: draft, node: node, decoding: decoding, fault: networks.fault)
            for layer in lookUp.layers() {
                guard let units = lookUp.units(of: layer) else { break }
                lookUp.checkWeights(in: layer)
                var own = draft
                own.facets = draft.facets(of: layer, in: network)
                // Layers whose units and facets are the same share a job.
                if let last = jobs.indices.last, jobs[last].units == units, jobs[last].facets == own.facets {
                    jobs[last].layers.append(layer.name)
                } else {
                    jobs.append(Job(own, layers: [layer.name], units: units))
                }
            }
        }
        checkImages(draft, node, decoding)
        checkPictures(draft, node, decoding)
        // Without a network (a fault, which may have been reported for another job) there is no layer.
        guard decoding.reportCount == reportCount, !jobs.isEmpty else { return [] }
        // Without a name (a fault, reported already) there is no folder.
        guard !draft.name.isEmpty, claimName(of: draft, node, owner: owner, decoding),
            claimFolders(of: jobs, node, owner: owner, decoding)
        else { return [] }
        return jobs
    }

    // MARK: Networks

    /// The job's network; nil if an error was reported. One that no job names is reported once.
    private mutating func network(
        of draft: JobDraft, _ node: JSONNode, _ decoding: ManifestDecoding
    ) -> NetworkDescription? {
        let member = node.member("network")
        // What stands there could not be read, which has been reported.
        if member != nil, !draft.namesNetwork { return nil }
        let isKnown = known[draft.network] != nil
        switch description(of: draft.network) {
        case .success(let description): return description
        case .failure(let error):
            if isKnown, member == nil { return nil }
            decoding.report(
                at: (member?.value ?? node).range.lowerBound, path: member == nil ? [] : [.key("network")],
                message: "expected a network, found none to render: "
                    + Printable.text(error.description, limit: 2000))
            return nil
        }
    }

    private mutating func description(of reference: NetworkReference) -> Result<NetworkDescription, NetworkError> {
        if let known = known[reference] { return known }
        let result: Result<NetworkDescription, NetworkError>
        do throws(NetworkError) {
            result = .success(try networks.description(reference))
        } catch {
            result = .failure(error)
        }
        known[reference] = result
        return result
    }

    // MARK: Folders

    /// Refuses a name that differs only in case from another job's, since many disks do not tell such folders apart, and
    /// one under which films of another network lie.
    private mutating func claimName(
        of draft: JobDraft, _ node: JSONNode, owner: String, _ decoding: ManifestDecoding
    ) -> Bool {
        let offset = (node.member("name")?.value ?? node).range.lowerBound
        let key = draft.name.lowercased()
        guard let first = names[key] else {
            names[key] = Claim(
                name: draft.name, network: draft.network, source: decoding.source, offset: offset, owner: owner)
            return true
        }
        if first.name != draft.name {
            decoding.report(
                at: offset, .key("name"),
                message: "expected a name that differs in more than its case from \"\(first.name)\" of \(first.place), "
                    + "found \"\(draft.name)\": on many disks both are one folder; rename one of the jobs")
            return false
        }
        // Labels make no other film.
        guard first.network.withoutLabels == draft.network.withoutLabels else {
            let (one, other) = (first.network, draft.network)
            let differ = one.file == other.file ? "with another normalization" : Printable.quoted(one.file, limit: 200)
            decoding.report(
                at: offset, .key("name"),
                message: "expected a name for the films of \(Printable.quoted(other.file, limit: 200)) alone, found "
                    + "\"\(draft.name)\", which \(first.place) has for those of \(differ): rename one of the jobs")
            return false
        }
        return true
    }

    /// Refuses a folder that another job writes to, and more reels than a run can hold.
    private mutating func claimFolders(
        of jobs: [Job], _ node: JSONNode, owner: String, _ decoding: ManifestDecoding
    ) -> Bool {
        let count = jobs.reduce(0) { $0 + $1.layers.count * $1.units.count }
        guard reelCount + count <= ManifestReader.greatestReelCount else {
            decoding.report(
                at: node.range.lowerBound,
                message: "expected at most \(ManifestReader.greatestReelCount) films in a run, "
                    + "found \(reelCount + count) up to this job: render in several runs")
            return false
        }
        reelCount += count
        for job in jobs {
            for layer in job.layers {
                for unit in job.units {
                    let folder = "\(job.name)/\(FolderName.of(layer))/\(unit)"
                    guard let other = owners.updateValue(owner, forKey: folder) else { continue }
                    let place = node.member("name")?.value ?? node
                    decoding.report(
                        at: place.range.lowerBound, .key("name"),
                        message: "expected an output folder of its own, found \"\(folder)\", which \(other) writes to: "
                            + "rename one of the jobs")
                    return false
                }
            }
        }
        return true
    }
}
