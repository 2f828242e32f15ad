import Foundation
import Testing

@testable import Disk

struct DiskErrorTests {
    @Test func `errors are told apart by what they mean`() {
        for (numbers, kind) in [
            ([ENOENT, ENOTDIR], DiskError.Kind.notFound), ([EACCES, EPERM, EROFS], .notPermitted),
            ([ENOSPC, EDQUOT], .noSpace), ([EIO, EISDIR, ELOOP], .other),
        ] {
            for number in numbers { #expect(DiskError(.read, "a", number: number).kind == kind, "\(number)") }
        }
        #expect(DiskError("a", "is no regular file").kind == .other)
    }

    @Test func `they name the file, the system's reason and what helps`() {
        #expect(
            DiskError(.open, "a.png", number: ENOENT).description
                == "a.png: cannot be opened: No such file or directory; check that the file is there and readable")
        #expect(
            DiskError(.makeFolder, "a/b", number: ENOSPC).description
                == "cannot make the folder a/b: No space left on device; make room on the disk")
        // What helps fits the reason, and not the action.
        #expect(
            DiskError(.write, "a", number: EFBIG).description
                == "cannot write a: File too large; the file system, or ulimit -f, allows no larger files")
        #expect(DiskError(.open, "a\nb\u{1B}[2J").description.hasPrefix(#"a\nb\x1B[2J: cannot be opened"#))
        #expect(DiskError("a", "is no folder", remedy: "name one").description == "a: is no folder; name one")
        #expect(DiskError("a", "is no regular file").description == "a: is no regular file")
    }
}
