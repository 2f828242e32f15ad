/// Short names for the pictures of a film, one for each path.
///
/// A picture's name is that of its file, `fox.png`. Where several files have the same, as `/a/cats/1.png` and
/// `/a/dogs/1.png`, it is their path from the folder that holds them all: `cats/1.png` and `dogs/1.png`. So names stay the
/// same where all pictures are moved together.
struct PictureNames {
    private var names: [String: String] = [:]

    init(_ paths: [String]) {
        let parts = Dictionary(paths.map { ($0, Self.parts(of: $0)) }, uniquingKeysWith: { first, _ in first })
        for (_, group) in Dictionary(grouping: parts, by: { $0.value.last }) {
            // One file may have been named in several ways, as "./1.png" and "1.png".
            let different = Set(group.map(\.value))
            let common = different.count > 1 ? Self.commonCount(different) : nil
            for (path, parts) in group {
                names[path] = parts.dropFirst(common ?? max(parts.count - 1, 0)).joined(separator: "/")
            }
        }
    }

    /// The name of one of the paths.
    subscript(path: String) -> String { names[path].flatMap { $0.isEmpty ? nil : $0 } ?? path }

    private static func parts(of path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }

    /// With how many parts all of the paths begin.
    private static func commonCount(_ paths: Set<[Substring]>) -> Int {
        let shortest = paths.map(\.count).min() ?? 0
        guard let first = paths.first else { return 0 }
        // The last part is the file itself.
        return (0..<max(shortest - 1, 0)).first { place in paths.contains { $0[place] != first[place] } }
            ?? max(shortest - 1, 0)
    }
}
