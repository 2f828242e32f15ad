import Foundation
import Testing

/// A file system that cannot bring folders to the disk (SMB, some of FUSE) makes films all the same. It is stood in for
/// by a library that answers for `fsync`.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct DurabilityTests {
    private static let library = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdlib.h>
        #include <sys/stat.h>

        int fsync(int descriptor) {
            struct stat status;
            if (fstat(descriptor, &status) == 0) {
                const char *answer = getenv(S_ISDIR(status.st_mode) ? "FOLDERS" : "FILES");
                if (answer && atoi(answer)) { errno = atoi(answer); return -1; }
            }
            return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
        }
        """

    /// Renders a tiny film where `fsync` of folders and files fails with these numbers; nil, with a message, where there
    /// is no C compiler.
    private func render(_ scratch: Scratch, folders: Int32 = 0, files: Int32 = 0) throws -> Command.Outcome? {
        try scratch.write(Manifests.several(1), "tiny.json")
        try scratch.write(Self.library, "fsync.c")
        let compiled = try Shell.run("gcc -shared -fPIC -o fsync.so fsync.c -ldl", in: scratch)
        guard compiled.status == 0 else {
            print("skipped: gcc is needed: \(compiled.messages)")
            return nil
        }
        return try Shell.run(
            #"LD_PRELOAD=./fsync.so exec "$facetreel" render tiny.json --progress plain"#,
            in: scratch, environment: ["FOLDERS": "\(folders)", "FILES": "\(files)"])
    }

    @Test(arguments: [EINVAL, ENOTSUP, ENOSYS])
    func `folders that cannot be brought to the disk are passed over`(number: Int32) throws {
        let scratch = try Scratch()
        guard let outcome = try render(scratch, folders: number) else { return }
        #expect(outcome.status == 0 && !outcome.messages.contains("warning"), "\(outcome)")
        #expect(try Command.run("check", "Output", in: scratch).status == 0)
    }

    @Test(arguments: [(EIO, 0), (0, EINVAL)] as [(Int32, Int32)])
    func `a disk that has lost a folder or a file fails the film, with the system's word`(
        folders: Int32, files: Int32
    ) throws {
        let scratch = try Scratch()
        guard let outcome = try render(scratch, folders: folders, files: files) else { return }
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains(String(cString: strerror(folders + files))), "\(outcome)")
        #expect(
            outcome.messages.contains("cannot bring to the disk") || outcome.messages.contains("brought to the disk"))
        #expect(!scratch.entries().contains { $0.hasSuffix("film.json") }, "\(scratch.entries())")
    }
}
