import Disk
import Threads

/// What a film's own film.json says of its worth, as far as lists and reports show it.
public struct FilmJudgement: Sendable, Equatable {
    /// Of a film that is not good.
    public var flag: FilmFlag?
    /// Of a film that has a trust report.
    public var grade: FilmGrade?

    public init(flag: FilmFlag? = nil, grade: FilmGrade? = nil) {
        self.flag = flag
        self.grade = grade
    }

    /// - Parameter file: a film, read with its facets.
    public init<Job>(of file: FilmFile<Job>) {
        self.init(flag: FilmFlag(file.verdict, facets: file.facetNames), grade: FilmGrade(file.trust))
    }

    /// Those of films, from their film.json, which is read once; empty where there is none that can be read.
    ///
    /// - Parameter films: `name/layer/unit`, also from outside.
    public static func all(of films: [String], in output: String) -> [FilmJudgement] {
        concurrently(films.count) { index -> FilmJudgement in
            guard let place = FilmPlace(films[index]),
                let data = try? WholeFile.contents(of: "\(output)/\(place.path)/\(FilmRecord.fileName)"),
                let file = try? FilmFile<UnreadJob>(data, with: .facets)
            else { return FilmJudgement() }
            return FilmJudgement(of: file)
        }
    }
}
