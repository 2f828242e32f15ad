import Disk
import Foundation
import JSON
import Records
import Threads

/// One pass over an output folder.
struct GalleryBuild {
    let output: String
    private var statePath: String { "\(output)/\(Gallery.folder)/state.json" }

    /// A film's place with what is known of it; either a film or a reason why there is none.
    private struct Item: Sendable {
        let place: FilmPlace
        let stamps: [FileSignature?]
        var film: ListedFilm?
        /// The contents of `film.json`, if it had to be read.
        var file: FilmFile<JSONValue>?
        var unreadable: String?
    }

    func run() throws(DiskError) -> Gallery.Outcome {
        var state = GalleryState.load(statePath)
        let search = FilmSearch(in: output)
        let places = places(of: search.folders)
        let old = state.films
        var items = concurrently(places.count) { index in read(places[index], known: old[places[index].path]) }
        let order = LayerOrder(items.compactMap(\.film))
        items.sort { Self.precedes($0.place, $1.place, order) }
        let films = items.compactMap(\.film)
        var outcome = Gallery.Outcome(films: films.count, problems: search.unreadable)
        let unreadable = items.compactMap { item in
            item.unreadable.map { UnreadableFilm(place: item.place, reason: $0) }
        }
        outcome.unreadable = unreadable.map { "\($0.place.path): \($0.reason)" }

        let (report, reportFault) = nightReport(&state)
        let site = Site(
            order: order, films: films, unreadable: unreadable, report: report, reportFault: reportFault,
            nights: state.nights, changes: nightChanges(), inner: innerOutputs())
        var writer = Writer(output: output, outcome: outcome)
        try writer.assets()
        state.films = writer.filmPages(site, items: items, old: old, output: output)
        for collection in site.collections {
            writer.page([collection.name, collection.layer], "index.html") {
                LayerPage(layer: collection, site: site).html
            }
        }
        writer.page([Gallery.folder], "compare.html", isNeeded: site.hasComparisons) { ComparePage(site: site).html }
        writer.page([Gallery.folder], "nightly.html", isNeeded: site.hasNight) { NightlyPage(site).html }
        sweep(old, state.films, site)
        // The start page comes last: now everything that it leads to is there.
        try writer.write(OverviewPage(site: site).html.markup, [], "index.html")
        if let text = try? state.stableJSONText() { _ = try PageFile.write(text, to: statePath, isOwn: true) }
        return writer.outcome
    }

    private func innerOutputs() -> [String] {
        let entries = (try? Folder.entries(of: output)) ?? []
        return entries.filter { name in
            !name.hasPrefix(".") && FileSignature("\(output)/\(name)/index.html") != nil
                && FileSignature("\(output)/\(name)/\(Gallery.folder)/gallery.css") != nil
        }.sorted(by: LayerOrder.naturally)
    }

    private func read(_ place: FilmPlace, known: GalleryState.Entry?) -> Item {
        let files = FilmFiles(path: "\(output)/\(place.path)")
        let stamps = files.stamps
        if let known, known.stamps == stamps {
            return Item(place: place, stamps: stamps, film: known.film)
        }
        do throws(UnreadableFile) {
            let file = try FilmFile<JSONValue>(path: "\(files.path)/\(FilmRecord.fileName)")
            return Item(place: place, stamps: stamps, film: ListedFilm(place, file, files: files), file: file)
        } catch {
            return Item(place: place, stamps: stamps, unreadable: error.reason)
        }
    }

    /// The places of all films. The folder `gallery` holds no films.
    private func places(of folders: [String]) -> [FilmPlace] {
        folders.compactMap { FilmPlace($0.dropFirst(output.count + 1)) }.filter { $0.name != Gallery.folder }
    }

    /// By name, layers from edges to objects, units by number.
    private static func precedes(_ left: FilmPlace, _ right: FilmPlace, _ order: LayerOrder) -> Bool {
        if (left.name, left.layer) == (right.name, right.layer) {
            return LayerOrder.naturally(left.unit, precedes: right.unit)
        }
        return order.precedes((left.name, left.layer), (right.name, right.layer))
    }

    /// The last run's report. If it is a new one, it is also added to the nights.
    private func nightReport(_ state: inout GalleryState) -> (RunReport?, fault: String?) {
        let path = "\(output)/report.json"
        guard FileManager.default.fileExists(atPath: path) else { return (nil, nil) }
        guard let data = try? WholeFile.contents(of: path) else {
            return (nil, "report.json cannot be read; check its permissions")
        }
        guard let report = try? JSONDecoder().decode(RunReport.self, from: data) else {
            return (nil, "report.json is damaged, or not a run's report")
        }
        if let night = Night(report) {
            state.nights.removeAll { $0.started == night.started }
            state.nights.append(night)
            state.nights.sort { $0.started < $1.started }
            state.nights.removeFirst(max(0, state.nights.count - Night.limit))
        }
        return (report, nil)
    }

    /// The comparison of this night's films with the last night's; nil if there is none, or if the file is none.
    private func nightChanges() -> SnapshotComparison? {
        let path = "\(output)/regressions.json"
        // If every measure of a night has changed, the file has a few megabytes.
        guard let size = FileSignature(path)?.size, size <= 64 << 20 else { return nil }
        return SnapshotComparison.stored(in: path)
    }

    /// Removes the pages of films that are gone.
    private func sweep(
        _ old: [String: GalleryState.Entry], _ new: [String: GalleryState.Entry], _ site: Site
    ) {
        let gone = old.filter { new[$0.key] == nil }.map(\.value.film)
        let kept = Set(site.collections.map { [$0.name, $0.layer] })
        for film in gone { unlink("\(output)/\(film.path)/index.html") }
        for layer in Set(gone.map { [$0.name, $0.layer] }).subtracting(kept) {
            unlink("\(output)/\(layer.joined(separator: "/"))/index.html")
        }
    }

    /// Writes pages and counts them.
    private struct Writer {
        let output: String
        var outcome: Gallery.Outcome

        /// A page that is not needed, and may be there from an earlier build, is removed.
        mutating func page(_ folder: [String], _ name: String, isNeeded: Bool = true, _ html: () -> HTML) {
            guard isNeeded else {
                unlink(([output] + folder + [name]).joined(separator: "/"))
                return
            }
            do throws(DiskError) {
                try write(html().markup, folder, name)
            } catch {
                outcome.problems.append(error)
            }
        }

        mutating func assets() throws(DiskError) {
            for (name, bytes) in [
                ("gallery.css", PackageResources.gallery_css), ("gallery.js", PackageResources.gallery_js),
            ] {
                try write(String(decoding: bytes, as: UTF8.self), [Gallery.folder], name)
            }
        }

        mutating func write(_ text: String, _ folder: [String], _ name: String) throws(DiskError) {
            let path = ([output] + folder + [name]).joined(separator: "/")
            if try PageFile.write(text, to: path) { outcome.written += 1 }
            outcome.pages += 1
        }

        /// Writes the films' own pages, except those that would not change. Returns what the next build has to know of
        /// them.
        mutating func filmPages(
            _ site: Site, items: [Item], old: [String: GalleryState.Entry], output: String
        ) -> [String: GalleryState.Entry] {
            struct Written: Sendable {
                var entry: GalleryState.Entry?
                var isNew = false
                var problem: DiskError?
            }
            let films = items.filter { $0.film != nil }
            let results = concurrently(films.count) { index -> Written in
                let item = films[index]
                guard let film = item.film else { return Written() }
                let context = site.context(of: index)
                let path = "\(output)/\(film.path)/index.html"
                let known = old[film.path]
                var entry = GalleryState.Entry(
                    stamps: item.stamps, film: film, neighbours: context.key, page: known?.page)
                if let known, known.stamps == item.stamps, known.neighbours == entry.neighbours,
                    let page = known.page, FileSignature(path) == page
                {
                    return Written(entry: entry)
                }
                do {
                    let files = FilmFiles(path: "\(output)/\(item.place.path)")
                    let file = try item.file ?? FilmFile<JSONValue>(path: "\(files.path)/\(FilmRecord.fileName)")
                    let isNew = try PageFile.write(
                        UnitPage(film: film, file: file, files: files, context: context).html.markup, to: path)
                    entry.page = FileSignature(path)
                    return Written(entry: entry, isNew: isNew)
                } catch let problem as DiskError {
                    entry.page = nil
                    return Written(entry: entry, problem: problem)
                } catch {
                    // It became unreadable since it was looked at: the next build will say so.
                    return Written()
                }
            }
            var entries: [String: GalleryState.Entry] = [:]
            for result in results {
                if let entry = result.entry { entries[entry.film.path] = entry }
                outcome.written += result.isNew ? 1 : 0
                outcome.pages += result.problem == nil && result.entry != nil ? 1 : 0
                if let problem = result.problem { outcome.problems.append(problem) }
            }
            return entries
        }
    }
}
