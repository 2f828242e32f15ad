import Disk
import Film
import Foundation
import JobManifest
import Pipeline
import Records

/// Checks a finished film from outside: whether its files are there and agree with each other, and whether its frames
/// show real pictures.
public struct FilmCheck: Sendable {
    /// The film's folder.
    public let folder: String
    public let frames: Int
    public let seconds: Double
    public let width: Int
    public let height: Int

    /// What is wrong with a film.
    public struct Fault: Error, Equatable, CustomStringConvertible {
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// The least standard deviation of the brightness, 0...255, in a frame's image. Frames of films have 20 and more; a
    /// cross-fade of noise, which nobody wants to look at, has less.
    private static let leastContrast = 6.0
    /// The least mean difference of the brightness, 0...255, between neighbouring frames over a path. Frames of films
    /// differ by 1 and more, frozen ones only by the encoder's noise.
    private static let leastMovement = 0.3

    /// - Throws: `Fault`, naming what was found and what was expected.
    public init(_ folder: String) throws(Fault) {
        self.folder = folder
        let record = try Record(in: folder)
        try Self.checkNumbers(of: record)
        try Self.checkOutputs(of: record, in: folder)
        let facts = try Self.checkedFacts(of: record, in: folder)
        (frames, width, height) = (facts.frameCount, facts.width, facts.height)
        seconds = Double(facts.frameCount) / Double(record.job.video.framesPerSecond)
        try Self.checkPictures(of: record, in: folder, facts)
        try Self.checkFrames(of: record, in: folder)
    }

    /// `253 frames, 8.4 s, 1224x504`
    public var summary: String { "\(frames) frames, \(String(format: "%.1f", seconds)) s, \(width)x\(height)" }

    /// The contents of film.json, of which nothing may be missing.
    @dynamicMemberLookup
    private struct Record: Decodable {
        let job: Reel
        private let record: FilmRecord

        private enum CodingKeys: CodingKey { case job }

        init(from decoder: any Decoder) throws {
            job = try decoder.container(keyedBy: CodingKeys.self).decode(Reel.self, forKey: .job)
            record = try FilmRecord(from: decoder)
        }

        init(in folder: String) throws(Fault) {
            let data: Data
            do throws(DiskError) {
                data = try WholeFile.contents(of: "\(folder)/\(FilmRecord.fileName)")
            } catch {
                throw Fault(error.kind == .notFound ? "has no film.json" : "film.json \(error.reason)")
            }
            do { self = try JSONDecoder().decode(Record.self, from: data) } catch {
                throw Fault("film.json is not readable: \(FilmCheck.reason(error))")
            }
        }

        subscript<Value>(dynamicMember key: KeyPath<FilmRecord, Value>) -> Value { record[keyPath: key] }
    }

    /// The message of a decoder's error, without the error that wraps it.
    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .dataCorrupted(let context): context.underlyingError.map { "\($0)" } ?? context.debugDescription
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.map(\.stringValue).joined(separator: "/") + ": " + context.debugDescription
        default: "\(error)"
        }
    }

    // MARK: - Numbers

    private static func checkNumbers(of record: Record) throws(Fault) {
        guard !record.facets.isEmpty, !record.frames.isEmpty else { throw Fault("film.json lists no facets or frames") }
        guard record.bands.count == record.facets.count - 1 else {
            throw Fault("\(record.bands.count) paths between \(record.facets.count) facets")
        }
        guard record.frames.map(\.index) == Array(record.frames.indices) else {
            throw Fault("the frames of film.json are not numbered from 0 on")
        }
        let shown = record.frames.filter { $0.facet != nil }
        guard shown.map(\.facet) == record.facets.map(\.name) else {
            throw Fault("the facets' frames are \(shown.compactMap(\.facet)), not \(record.facets.map(\.name))")
        }
        for (frame, facet) in zip(shown, record.facets) where abs(frame.activation - facet.activation) > 1e-4 {
            throw Fault("facet \(facet.name) has activation \(facet.activation), its frame \(frame.activation)")
        }
        let ends = shown.map(\.index)
        for (number, band) in record.bands.enumerated() {
            let activations = record.frames[ends[number]...ends[number + 1]].map(\.activation)
            let lowest = activations.min() ?? 0
            guard abs(lowest - band.minimumActivation) <= 1e-4 * max(1, abs(lowest)) else {
                throw Fault("path \(number + 1) says minimumActivation \(band.minimumActivation), its frames \(lowest)")
            }
            if let ratio = band.measures[.minimumRatio],
                abs(ratio * (band.lowerEndActivation - record.baseline) + record.baseline - lowest)
                    > 1e-3 * max(1, abs(lowest))
            {
                throw Fault("path \(number + 1) says minimumRatio \(ratio), its frames another")
            }
        }
    }

    // MARK: - Files

    private static func checkOutputs(of record: Record, in folder: String) throws(Fault) {
        let listed = Set(record.outputs.map(\.path))
        for name in ["film.mp4", "poster.png"] where !listed.contains(name) {
            throw Fault("film.json does not list \(name) among its files")
        }
        let pictures = listed.count { $0.hasPrefix("facets/") }
        guard pictures == record.facets.count else {
            throw Fault("film.json lists \(pictures) pictures for \(record.facets.count) facets")
        }
        for output in record.outputs {
            guard !output.path.hasPrefix("/"), !output.path.split(separator: "/").contains("..") else {
                throw Fault("\(output.path) is missing")
            }
            let digest: String
            do throws(DiskError) { digest = try SHA256.hexDigest(ofFile: "\(folder)/\(output.path)") } catch {
                throw Fault("\(output.path) \(error.kind == .notFound ? "is missing" : error.reason)")
            }
            guard digest == output.sha256 else { throw Fault("\(output.path) is not the file that was written") }
        }
    }

    private static func checkedFacts(of record: Record, in folder: String) throws(Fault) -> VideoFacts {
        let facts: VideoFacts
        do { facts = try VideoFacts.read(path: "\(folder)/film.mp4") } catch { throw Fault("\(error)") }
        let size = filmSize(of: record)
        let rate = record.job.video.framesPerSecond
        guard facts.codec == "h264", facts.pixelFormat == "yuv420p" else {
            throw Fault("film.mp4 is \(facts.codec) in \(facts.pixelFormat), not h264 in yuv420p")
        }
        guard facts.width == size.width, facts.height == size.height else {
            throw Fault("film.mp4 has \(facts.width)x\(facts.height) pixels, not \(size.width)x\(size.height)")
        }
        let wanted = rate.multipliedReportingOverflow(by: facts.frameRate.denominator)
        guard facts.frameRate.denominator > 0, !wanted.overflow, facts.frameRate.numerator == wanted.partialValue else {
            throw Fault(
                "film.mp4 has \(facts.frameRate.numerator)/\(facts.frameRate.denominator) frames a second, not \(rate)")
        }
        guard facts.frameCount == record.frames.count else {
            throw Fault("film.mp4 has \(facts.frameCount) frames, film.json \(record.frames.count)")
        }
        return facts
    }

    private static func filmSize(of record: Record) -> (width: Int, height: Int) {
        let image = record.job.image
        return record.job.video.graph
            ? (FilmLayout.width, FilmLayout.height) : (image.width + image.width % 2, image.height + image.height % 2)
    }

    private static func checkPictures(of record: Record, in folder: String, _ facts: VideoFacts) throws(Fault) {
        func check(_ name: String, _ width: Int, _ height: Int) throws(Fault) {
            let picture: Bitmap
            do { picture = try PNG.read(path: "\(folder)/\(name)") } catch { throw Fault("\(error)") }
            guard picture.width == width, picture.height == height else {
                throw Fault("\(name) has \(picture.width)x\(picture.height) pixels, not \(width)x\(height)")
            }
        }
        try check("poster.png", facts.width, facts.height)
        let names = ((try? Folder.entries(of: "\(folder)/facets")) ?? []).sorted()
        guard names.count == record.facets.count else {
            throw Fault("facets/ has \(names.count) pictures for \(record.facets.count) facets")
        }
        for name in names { try check("facets/\(name)", record.job.image.width, record.job.image.height) }
    }

    // MARK: - Frames

    /// Decodes the film and looks at the image's part of every frame.
    private static func checkFrames(of record: Record, in folder: String) throws(Fault) {
        let image = record.job.image
        let size = filmSize(of: record)
        let box = FilmLayout(imageWidth: image.width, imageHeight: image.height).image
        let columns = record.job.video.graph ? box.x..<box.x + box.width : 0..<size.width
        let rows = record.job.video.graph ? box.y..<box.y + box.height : 0..<size.height
        var (before, number) = ([UInt8](), 0)
        var movement = [(sum: Double, count: Int)](repeating: (0, 0), count: max(record.bands.count, 1))
        do {
            try VideoPictures.forEach(path: "\(folder)/film.mp4") { luma in
                let pixels = luma.part(columns: columns, rows: rows)
                let contrast = Self.deviation(pixels)
                guard contrast >= leastContrast else {
                    throw Fault("frame \(number) is grey: contrast \(String(format: "%.1f", contrast)) of 255")
                }
                if number > 0, number < record.frames.count {
                    let path = min(record.frames[number - 1].path, movement.count - 1)
                    movement[max(path, 0)].sum += Self.difference(before, pixels)
                    movement[max(path, 0)].count += 1
                }
                (before, number) = (pixels, number + 1)
            }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault("\(error)")
        }
        guard number == record.frames.count else { throw Fault("only \(number) frames of film.mp4 can be decoded") }
        for (path, moved) in movement.enumerated()
        where moved.count > 0 && moved.sum < leastMovement * Double(moved.count) {
            throw Fault("path \(path + 1) is frozen: neighbouring frames are the same")
        }
    }

    private static func deviation(_ pixels: [UInt8]) -> Double {
        let count = Double(max(pixels.count, 1))
        let sums = pixels.reduce(into: (0.0, 0.0)) { sums, value in
            sums.0 += Double(value)
            sums.1 += Double(value) * Double(value)
        }
        return max(sums.1 / count - (sums.0 / count) * (sums.0 / count), 0).squareRoot()
    }

    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> Double {
        Double(zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(max(min(a.count, b.count), 1))
    }
}

extension VideoPictures.Luma {
    /// The values within some columns and rows, as far as the picture has them.
    fileprivate func part(columns: Range<Int>, rows: Range<Int>) -> [UInt8] {
        let columns = columns.clamped(to: 0..<width)
        return rows.clamped(to: 0..<height).flatMap {
            values[$0 * width + columns.lowerBound..<$0 * width + columns.upperBound]
        }
    }
}
