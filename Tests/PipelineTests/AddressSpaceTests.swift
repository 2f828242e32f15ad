import Testing

@testable import Pipeline

struct AddressSpaceTests {
    @Test func `workers are as many as there is room for`() {
        let least = AddressSpace.least(imageSide: 224)
        #expect(AddressSpace(room: least - 1).workers(imageSide: 224) == 0)
        #expect(AddressSpace(room: least).workers(imageSide: 224) == 1)
        #expect(AddressSpace(room: 0).workers(imageSide: 32) == 0)
        let rooms = (1...8).map { AddressSpace(room: $0 << 30).workers(imageSide: 224) }
        #expect(rooms == rooms.sorted() && rooms[0] >= 2 && rooms[7] >= 30, "\(rooms)")
    }

    @Test func `larger images need more`() {
        let sides = [32, 224, 512, 1024, 2048]
        #expect(sides.map { AddressSpace(room: 8 << 30).workers(imageSide: $0) } == [41, 37, 25, 11, 3])
    }
}
