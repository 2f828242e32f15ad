import ArgumentParser
import Pipeline

extension AddressSpace {
    /// As many of the wanted workers as memory has room for; says so where these are fewer. Ends the command where there
    /// is room for none.
    ///
    /// - Parameter side: pixels of the largest image's side.
    static func workers(wanted: Int, imageSide side: Int) throws -> Int {
        guard let space = AddressSpace() else { return wanted }
        save()
        let room = space.workers(imageSide: side)
        guard room > 0 else { throw space.refusal(side) }
        guard room < wanted else { return wanted }
        Message.warning("\(room) of \(wanted) workers: memory is limited (ulimit -v, ulimit -d)")
        return room
    }

    /// Ends the command where memory has no room for a worker with the smallest images. Checked early: what finds no
    /// memory later ends the process.
    static func checkRoom() throws {
        let smallest = 32
        if let space = AddressSpace(), space.workers(imageSide: smallest) == 0 { throw space.refusal(smallest) }
    }

    /// Says that there is no room for a worker.
    func refusal(_ side: Int) -> ExitCode {
        Message.error(
            "this process may address \(ByteSize(room).text) more, and one worker needs \(ByteSize(Self.least(imageSide: side)).text); raise the limit (ulimit -v, ulimit -d)"
        )
        return .failure
    }
}
