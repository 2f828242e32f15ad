import ConvNet
import ElasticBand
import FeatureVisualization
import Film
import Records

/// The numbers of a finished path; its frames are a tensor beside them.
private struct PathNumbers: Codable {
    var activations: [Double]
    var featureSteps: [Double]
    var lowestFrame: Int?
    var entry: FilmRecord.BandEntry
}

extension PathStage {
    /// A finished path, as the cache holds it.
    func record(of path: MeasuredPath) throws -> StageRecord {
        let frames = path.path.images
        return try StageRecord(
            PathNumbers(
                activations: path.path.activations, featureSteps: path.path.featureSteps,
                lowestFrame: path.path.lowestFrame, entry: path.entry),
            ["frames": .bytes(ByteTensor(shape: [frames.count] + task.imageShape, values: frames.flatMap(\.pixels)))])
    }

    /// Reads a path back from such a record.
    /// - Throws: `StageRecordError`
    func path(_ record: StageRecord, frameCount: Int) throws -> MeasuredPath {
        let numbers = try record.decode(PathNumbers.self)
        guard numbers.activations.count == frameCount, numbers.lowestFrame.map({ 0..<frameCount ~= $0 }) ?? true else {
            throw StageRecordError(description: "it is not a path of \(frameCount) frames")
        }
        let bytes = try record.bytes("frames", shape: [frameCount] + task.imageShape)
        let size = task.imageShape.reduce(1, *)
        let images = (0..<frameCount).map { frame in
            Bitmap(
                width: task.width, height: task.height, pixels: Array(bytes[frame * size..<(frame + 1) * size]))
        }
        return MeasuredPath(
            path: RenderedPath(
                images: images, activations: numbers.activations, featureSteps: numbers.featureSteps,
                lowestFrame: numbers.lowestFrame),
            entry: numbers.entry)
    }
}
