import JSON
import Testing

@testable import JobManifest

/// A faulty manifest and what has to be said about it. `⟦` in the text marks the expected place and is taken out, so that
/// the place is not counted by the code under test.
struct MalformedManifest: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let line: Int
    let column: Int
    let pointer: String
    let phrase: String

    var testDescription: String { name }

    init(_ name: String, _ marked: String, _ pointer: String, _ phrase: String) {
        self.name = name
        self.pointer = pointer
        self.phrase = phrase
        let before = marked.prefix { $0 != "⟦" }
        precondition(before.endIndex != marked.endIndex, "\(name) marks no place")
        line = 1 + before.count { $0 == "\n" }
        column =
            1 + before.count
            - (before.lastIndex(of: "\n").map { before.distance(from: before.startIndex, to: $0) + 1 } ?? 0)
        bytes = Array((before + marked[before.endIndex...].dropFirst()).utf8)
    }

    init(_ name: String, bytes: [UInt8], line: Int, column: Int, _ pointer: String, _ phrase: String) {
        self.name = name
        self.bytes = bytes
        self.line = line
        self.column = column
        self.pointer = pointer
        self.phrase = phrase
    }

    /// A job with everything that it needs, and one fault.
    static func job(_ name: String, _ more: String, _ pointer: String, _ phrase: String) -> MalformedManifest {
        MalformedManifest(
            name, "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": 1,\n \(more)}", pointer, phrase)
    }

    /// A job whose first facet has one fault.
    static func facet(_ name: String, _ more: String, _ pointer: String, _ phrase: String) -> MalformedManifest {
        job(name, "\"facets\": [{\(more)}, {}]", "/facets/0" + pointer, phrase)
    }
}

extension MalformedManifest {
    /// Texts that are not JSON: one error each.
    static let syntax: [MalformedManifest] = [
        MalformedManifest("empty file", "⟦", "", "an empty file"),
        MalformedManifest("white space", "⟦ \n\t ", "", "nothing but white space"),
        MalformedManifest(
            "byte order mark", bytes: [0xEF, 0xBB, 0xBF] + Array("{}".utf8), line: 1, column: 1, "", "byte order mark"),
        MalformedManifest("UTF-16", bytes: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], line: 1, column: 1, "", "UTF-16"),
        MalformedManifest(
            "Latin-1", bytes: Array("{\n \"a\": \"caf".utf8) + [0xE9] + Array("\"}".utf8), line: 2, column: 11, "",
            "the byte 0xE9"),
        MalformedManifest(
            "overlong UTF-8", bytes: Array("{\"".utf8) + [0xC0, 0xAF] + Array("\": 1}".utf8), line: 1, column: 3, "",
            "UTF-8"),
        MalformedManifest(
            "surrogate in UTF-8", bytes: Array("{\"".utf8) + [0xED, 0xA0, 0x80] + Array("\": 1}".utf8), line: 1,
            column: 3, "", "UTF-8"),
        MalformedManifest(
            "UTF-8 that stops", bytes: Array("{\"a\": \"".utf8) + [0xF0, 0x9F], line: 1, column: 8, "", "UTF-8"),
        MalformedManifest("only an opening brace", "{⟦", "", "found the end of the file"),
        MalformedManifest("object that stops", "{\"a\": 1⟦", "", "\",\" or \"}\", found the end of the file"),
        MalformedManifest("list that stops", "{\"a\": [1, 2⟦", "/a", "\",\" or \"]\""),
        MalformedManifest("trailing comma in an object", "{\"a\": 1⟦,\n}", "", "trailing comma"),
        MalformedManifest("trailing comma in a list", "{\"a\": [1, 2⟦, ]}", "/a", "trailing comma"),
        MalformedManifest("comma first", "{⟦, \"a\": 1}", "", "a key in double quotes"),
        MalformedManifest("two commas", "{\"a\": 1, ⟦, \"b\": 2}", "", "after the comma"),
        MalformedManifest("two commas in a list", "{\"a\": [1,⟦,2]}", "/a/1", "a value, found \",\""),
        MalformedManifest("missing comma", "{\"a\": 1\n ⟦\"b\": 2}", "", "\",\" or \"}\", found \"\"\""),
        MalformedManifest("missing comma in a list", "{\"a\": [1 ⟦2]}", "/a", "found 2"),
        MalformedManifest("missing colon", "{\"a\" ⟦1}", "", "\":\" after the key \"a\""),
        MalformedManifest("missing value", "{\"a\": ⟦}", "/a", "a value, found \"}\""),
        MalformedManifest("key without quotes", "{\n  ⟦name: 1}", "", "found name"),
        MalformedManifest("number as a key", "{⟦1: 1}", "", "found 1"),
        MalformedManifest("wrong bracket", "{\"a\": [1⟦}", "/a", "\",\" or \"]\", found \"}\""),
        MalformedManifest("line comment", "{\"a\": 1, ⟦// one\n \"b\": 2}", "", "JSON has no comments"),
        MalformedManifest("block comment", "⟦/* jobs */ {}", "", "JSON has no comments"),
        MalformedManifest("hash comment", "{⟦# one\n}", "", "JSON has no comments"),
        MalformedManifest("single quotes", "{⟦'a': 1}", "", "double quotes"),
        MalformedManifest("NaN", "{\"neb\": {\"learningRate\": ⟦NaN}}", "/neb/learningRate", "finite numbers only"),
        MalformedManifest("Infinity", "{\"a\": ⟦Infinity}", "/a", "finite numbers only"),
        MalformedManifest("minus Infinity", "{\"a\": -⟦Infinity}", "/a", "finite numbers only"),
        MalformedManifest("Python's True", "{\"a\": ⟦True}", "/a", "write true, false or null"),
        MalformedManifest("cut word", "{\"a\": ⟦fals}", "/a", "a value, found fals"),
        MalformedManifest("long word", "{\"a\": ⟦nullify}", "/a", "a value, found nullify"),
        MalformedManifest("leading zero", "{\"a\": ⟦007}", "/a", "without leading zeros, found 007"),
        MalformedManifest("negative leading zero", "{\"a\": ⟦-01}", "/a", "without leading zeros"),
        MalformedManifest("plus sign", "{\"a\": ⟦+1}", "/a", "no plus sign"),
        MalformedManifest("no digit before the point", "{\"a\": ⟦.5}", "/a", "begins with a digit"),
        MalformedManifest("no digit after the point", "{\"a\": 1.⟦}", "/a", "after the decimal point"),
        MalformedManifest("no exponent", "{\"a\": 1e⟦}", "/a", "in the exponent"),
        MalformedManifest("only an exponent's sign", "{\"a\": 1e+⟦,}", "/a", "in the exponent"),
        MalformedManifest("only a minus sign", "{\"a\": -⟦ 1}", "/a", "after the minus sign"),
        MalformedManifest("hexadecimal", "{\"a\": ⟦0x1F}", "/a", "decimal digits, found 0x1F"),
        MalformedManifest("two points", "{\"a\": ⟦1.2.3}", "/a", "decimal digits"),
        MalformedManifest(
            "digits without end", "{\"a\": ⟦1\(String(repeating: "0", count: 200))}", "/a",
            "at most 100 characters, found 201"),
        MalformedManifest("unknown escape", "{\"a\": \"x⟦\\q\"}", "/a", "an escape of JSON"),
        MalformedManifest("bad hexadecimal escape", "{\"a\": \"⟦\\u12g4\"}", "/a", "four hexadecimal digits"),
        MalformedManifest("escape that stops", "{\"a\": \"⟦\\u12", "/a", "found the end of the file"),
        MalformedManifest(
            "backslash that stops", "{\"a\": \"\\⟦", "/a", "a closing quotation mark, found the end of the file"),
        MalformedManifest("lone high surrogate", "{\"a\": \"⟦\\uD83D!\"}", "/a", "the lone surrogate \\uD83D"),
        MalformedManifest("lone low surrogate", "{\"a\": \"é⟦\\uDE00\"}", "/a", "the lone surrogate \\uDE00"),
        MalformedManifest("two high surrogates", "{\"a\": \"⟦\\uD83D\\uD83D\"}", "/a", "the lone surrogate"),
        MalformedManifest("tab in a string", "{\"a\": \"x⟦\ty\"}", "/a", "found a tab"),
        MalformedManifest("line break in a string", "{\"a\": \"x⟦\n\"}", "/a", "a string ends on its line"),
        MalformedManifest("NUL in a string", "{\"a\": \"x⟦\0\"}", "/a", "U+0000"),
        MalformedManifest("NUL outside", "{\"a\": ⟦\0}", "/a", "U+0000"),
        MalformedManifest("bell in a key", "{\"a⟦\u{7}\": 1}", "", "U+0007"),
        MalformedManifest("string that stops", "{\"a\": \"abc⟦", "/a", "the end of the file"),
        MalformedManifest("trailing text", "{} ⟦x", "", "the end of the file after the manifest, found x"),
        MalformedManifest("two manifests", "{}\n⟦{}", "", "the end of the file after the manifest"),
        MalformedManifest("no-break space", "{⟦\u{A0}\"a\": 1}", "", "a key in double quotes"),
        MalformedManifest(
            "deep nesting", String(repeating: "[", count: 64) + "⟦" + String(repeating: "[", count: 100_000),
            String(repeating: "/0", count: 64), "64 levels"),
        MalformedManifest("columns are characters", "{\"grün 🙂\": ⟦grün}", "/grün 🙂", "a value, found gr"),
        MalformedManifest("keys in pointers", "{\"a/b~c\\u0007\": ⟦?}", "/a~1b~0c\\u{7}", "found \"?\""),
    ]

    /// JSON that is no manifest.
    static let content: [MalformedManifest] = [
        MalformedManifest("list at the top", "⟦[]", "", "a job (an object), found an empty list"),
        MalformedManifest("string at the top", " ⟦\"eyes\"", "", "a job (an object), found \"eyes\""),
        MalformedManifest("null at the top", "⟦null", "", "found null"),
        MalformedManifest("no name", "⟦{\"layer\": \"block_12_add\", \"unit\": 1}", "", "the key \"name\""),
        MalformedManifest("no layer", "⟦{\"name\": \"n\", \"unit\": 1}", "", "\"layer\" or \"layers\", found neither"),
        job("class beside a unit", "⟦\"class\": \"goldfinch\"", "/class", "\"unit\" or \"class\", found both"),
        MalformedManifest(
            "unit, units and class",
            "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": 1, \"units\": \"all\", ⟦\"class\": \"x\"}",
            "/class",
            "\"unit\", \"units\" or \"class\", found all: keep one of them"),
        MalformedManifest(
            "class of a network without logits", "{\"name\": \"n\", \"class\": ⟦\"goldfinch\"}", "/class",
            "MobileNetV2 has none; name a layer and a unit"),
        MalformedManifest(
            "class of a layer with positions",
            "{\"name\": \"n\", \"layer\": \"block_12_add\", \"class\": ⟦\"goldfinch\"}", "/class",
            "the units of block_12_add are no classes"),
        MalformedManifest(
            "class without a label", "{\"name\": \"n\", \"class\": ⟦\"\"}", "/class", "the label of a class"),
        job("network by number", "\"network\": ⟦7", "/network", "the name of a network, the path of an ONNX file"),
        job("network without a name", "\"network\": ⟦\"\"", "/network", "the path of a file"),
        job("network without a file", "\"network\": ⟦{\"mean\": [0]}", "/network", "expected the key \"file\""),
        job(
            "mean of two colors", "\"network\": {\"file\": \"a\", \"mean\": ⟦[0, 1]}", "/network/mean",
            "three numbers, or one for all colors"),
        job(
            "deviation of nothing", "\"network\": {\"file\": \"a\", \"standardDeviation\": [⟦0]}",
            "/network/standardDeviation/0", "a number above 0"),
        job(
            "unknown key of a network", "\"network\": {\"file\": \"a\", ⟦\"std\": [1]}", "/network/std",
            "expected a key of a network"),
        MalformedManifest(
            "pattern of no layer", "{\"name\": \"n\", \"layer\": ⟦\"layer4.*\", \"unit\": 1}", "/layer",
            "a pattern of the network's layers"),
        MalformedManifest(
            "no unit", "⟦{\"name\": \"n\", \"layer\": \"block_12_add\"}", "",
            "\"unit\", \"units\" or \"class\", found none"),
        MalformedManifest("no jobs", "{\"jobs\": ⟦[]}", "/jobs", "found an empty list"),
        MalformedManifest(
            "jobs of another type", "{\"jobs\": ⟦{}}", "/jobs", "a list of 1 to 100000 jobs, found an object"),
        MalformedManifest("job of another type", "{\"jobs\": [⟦7]}", "/jobs/0", "a job (an object), found 7"),
        MalformedManifest(
            "key beside jobs",
            "{⟦\"name\": \"n\", \"jobs\": [{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": 1}]}", "/name",
            "its keys are $schema, jobs"),
        MalformedManifest(
            "climbing name", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\"../n\"}", "/name",
            "found \"../n\""),
        MalformedManifest(
            "name with a folder", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\"a/b\"}", "/name",
            "a name of 1 to 100 letters"),
        MalformedManifest(
            "hidden name", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\".cache\"}", "/name",
            "does not begin with \".\""),
        MalformedManifest(
            "empty name", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\"\"}", "/name", "found \"\""),
        MalformedManifest(
            "long name",
            "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\"\(String(repeating: "n", count: 101))\"}", "/name",
            "1 to 100 letters"),
        MalformedManifest(
            "name with a NUL", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\"a\\u0000b\"}", "/name",
            "found \"a\\u{0}b\""),
        MalformedManifest(
            "name with an umlaut", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦\"grün\"}", "/name",
            "found \"grün\""),
        MalformedManifest(
            "name that is a number", "{\"layer\": \"block_12_add\", \"unit\": 1, \"name\": ⟦5}", "/name", "found 5"),
        .job("duplicate key", "\"seed\": 1, ⟦\"seed\": 2", "/seed", "remove the duplicate"),
        .job("duplicate key by an escape", "\"seed\": 1, ⟦\"s\\u0065ed\": 2", "/seed", "remove the duplicate"),
        .job("unknown key, near a known one", "⟦\"fecets\": []", "/fecets", "did you mean \"facets\"?"),
        .job(
            "unknown key with swapped letters", "\"neb\": {⟦\"piovts\": 3}", "/neb/piovts", "did you mean \"pivots\"?"),
        .job(
            "unknown key in another case", "\"neb\": {⟦\"learning_rate\": 3}", "/neb/learning_rate",
            "did you mean \"learningRate\"?"),
        .job(
            "unknown key, near none", "\"video\": {⟦\"codec\": 1}", "/video/codec",
            "its keys are framesPerSecond, graph"),
        .job("empty key", "⟦\"\": 1", "/", "the unknown key \"\""),
        MalformedManifest(
            "unknown layer", "{\"name\": \"n\", \"unit\": 1, \"layer\": ⟦\"block_12_ad\"}", "/layer",
            "did you mean \"block_12_add\"?"),
        MalformedManifest(
            "layer in another case", "{\"name\": \"n\", \"unit\": 1, \"layer\": ⟦\"Block_12_Add\"}", "/layer",
            "did you mean \"block_12_add\"?"),
        MalformedManifest(
            "layer of nowhere", "{\"name\": \"n\", \"unit\": 1, \"layer\": ⟦\"mixed4a\"}", "/layer",
            "`facetreel layers` lists them"),
        MalformedManifest(
            "layer by number", "{\"name\": \"n\", \"unit\": 1, \"layer\": ⟦12}", "/layer",
            "the name of a layer, a pattern, a selection or a list"),
        MalformedManifest(
            "no layer in the list", "{\"name\": \"n\", \"unit\": 1, \"layer\": ⟦[]}", "/layer",
            "1 to 1000 names of layers, found 0"),
        MalformedManifest(
            "unknown layer in the list",
            "{\"name\": \"n\", \"unit\": 1, \"layers\": [\"block_12_add\",\n ⟦\"block_4_ad\"]}", "/layers/1",
            "did you mean"),
        MalformedManifest(
            "layer twice", "{\"name\": \"n\", \"unit\": 1, \"layer\": [\"block_12_add\", ⟦\"block_12_add\"]}",
            "/layer/1", "again"),
        MalformedManifest(
            "layer and layers",
            "{\"name\": \"n\", \"unit\": 1, \"layer\": [\"block_12_add\"], ⟦\"layers\": [\"block_12_add\"]}", "/layers",
            "found both"),
        .job("unit and units", "⟦\"units\": \"all\"", "/units", "found both"),
        MalformedManifest(
            "unit out of range", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": ⟦96}", "/unit",
            "has units 0...95, found 96"),
        MalformedManifest(
            "negative unit", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": ⟦-1}", "/unit", "found -1"),
        MalformedManifest(
            "half a unit", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": ⟦1.5}", "/unit", "found 1.5"),
        MalformedManifest(
            "list as unit", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": ⟦[1]}", "/unit",
            "several go into \"units\""),
        MalformedManifest(
            "unit of no Int", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": ⟦99999999999999999999}",
            "/unit", "found 99999999999999999999"),
        MalformedManifest(
            "unit in a list out of range", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": [1, ⟦96]}",
            "/units/1", "has units 0...95"),
        MalformedManifest(
            "unit in a list twice", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": [1, 2, ⟦1]}", "/units/2",
            "found 1 again"),
        MalformedManifest(
            "no units", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": ⟦[]}", "/units", "found 0"),
        MalformedManifest(
            "word as units", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": ⟦\"every\"}", "/units",
            "\"all\", a range"),
        MalformedManifest(
            "range backwards", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": ⟦\"9-1\"}", "/units",
            "found \"9-1\""),
        MalformedManifest(
            "range beyond the layer", "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": ⟦\"0-96\"}", "/units",
            "has units 0...95"),
        MalformedManifest(
            "range of huge numbers",
            "{\"name\": \"n\", \"layer\": \"block_12_add\", \"units\": ⟦\"0-99999999999999999999\"}", "/units",
            "a range"),
        MalformedManifest(
            "range of one layer too many", "{\"name\": \"n\", \"layer\": \"projection\", \"units\": ⟦\"0-31\"}",
            "/units", "units of expanded_conv_project_BN, which has units 0...15"),
        .job("unknown preset", "\"preset\": ⟦\"thesi\"", "/preset", "did you mean \"thesis\"?"),
        .job(
            "preset of another type", "\"preset\": ⟦[\"thesis\"]", "/preset",
            "\"thesis\" or \"photograph\", found a list"),
        .job("negative seed", "\"seed\": ⟦-1", "/seed", "found -1"),
        .job("seed beyond 64 bits", "\"seed\": ⟦18446744073709551616", "/seed", "from 0 to 18446744073709551615"),
        .job("huge number", "\"seed\": ⟦1e999", "/seed", "found 1e999"),
        .job("exponent without end", "\"seed\": ⟦1e999999999999999999999", "/seed", "found 1e9999"),
        .job("seed that vanishes", "\"seed\": ⟦1e-999999", "/seed", "found 1e-999999"),
        .job(
            "seed a little above the last", "\"seed\": ⟦18446744073709551616.0", "/seed", "found 18446744073709551616.0"
        ),
        .job("seed with a fraction", "\"seed\": ⟦9007199254740993.5", "/seed", "found 9007199254740993.5"),
        .job(
            "pivots that are almost whole", "\"neb\": {\"pivots\": ⟦5.9999999999999999999}", "/neb/pivots", "found 5.99"
        ),
        .job("strength that vanishes", "\"neb\": {\"totalVariation\": ⟦1e-400}", "/neb/totalVariation", "told from 0"),
        .job("image as a number", "\"image\": ⟦224", "/image", "an image (an object), found 224"),
        .job("small image", "\"image\": {\"size\": ⟦31}", "/image/size", "from 32 to 2048"),
        .job("large image", "\"image\": {\"size\": ⟦2049}", "/image/size", "from 32 to 2048"),
        .job("width alone", "\"image\": {⟦\"width\": 64}", "/image/width", "\"height\" beside \"width\""),
        .job(
            "size and width", "\"image\": {\"size\": 64, ⟦\"width\": 64, \"height\": 64}", "/image/width", "found both"),
        .job(
            "one facet", "\"facets\": ⟦[{}]", "/facets",
            "expected 2 to 64 facets, those of sets counted one by one, found 1"),
        .job(
            "65 facets", "\"facets\": ⟦[\(Array(repeating: "{}", count: 65).joined(separator: ","))]", "/facets",
            "found 65"),
        .job("facet by name", "\"facets\": [{}, ⟦\"naive\"]", "/facets/1", "a facet (an object), found \"naive\""),
        .job(
            "two facets of one name", "\"facets\": [{\"name\": \"a\"}, {\"name\": ⟦\"a\"}]", "/facets/1/name",
            "for the second time"),
        .job(
            "sets of too many in all",
            "\"facets\": ⟦[\(Array(repeating: "{\"count\": 16}", count: 5).joined(separator: ","))]", "/facets",
            "found 80"
        ),
        .job(
            "name of a set's second facet", "\"facets\": [{\"name\": \"a\", \"count\": 2}, {\"name\": ⟦\"a-2\"}]",
            "/facets/1/name", "for the second time"),
        .facet("set of one", "\"count\": ⟦1", "/count", "from 2 to 16, found 1"),
        .facet("diversity of a single facet", "⟦\"diversity\": 1", "/diversity", "\"count\" beside \"diversity\""),
        .facet("negative diversity", "\"count\": 2, \"diversity\": ⟦-1", "/diversity", "from 0 to 10"),
        .facet("picture that is optimised", "\"image\": \"a.png\", ⟦\"steps\": 5", "/steps", "found both"),
        .facet(
            "picture that is not there", "\"image\": ⟦\"nowhere/absent.png\"", "/image",
            "/nowhere/absent.png\""),
        .facet("picture that is a folder", "\"image\": ⟦\"/tmp\"", "/image", "found a folder"),
        .facet("start beside a picture", "\"image\": \"a.png\", ⟦\"from\": \"a.png\"", "/from", "found both"),
        .facet(
            "start that is not there", "\"steps\": 5, \"from\": ⟦\"nowhere/absent.png\"", "/from",
            "expected a picture, found nothing at"),
        .facet("start that is a folder", "\"from\": ⟦\"/tmp\"", "/from", "found a folder"),
        .facet("start without a name", "\"from\": ⟦\"\"", "/from", "the path of a file, found \"\""),
        .facet("start that is a number", "\"from\": ⟦3", "/from", "the path of a file, found 3"),
        .facet("nearness to noise", "⟦\"nearness\": 1", "/nearness", "expected \"from\" beside \"nearness\""),
        .facet("end of a facet from noise", "⟦\"until\": 3", "/until", "expected \"from\" beside \"until\""),
        .facet(
            "nearness of a set", "\"from\": \"a.png\", \"count\": 2, ⟦\"nearness\": 1", "/nearness",
            "expected \"count\" or \"nearness\", found both"),
        .facet("end of a set", "\"from\": \"a.png\", \"count\": 2, ⟦\"until\": 1", "/until", "found both"),
        .facet(
            "negative nearness", "\"from\": \"/dev/null\", \"nearness\": ⟦-1", "/nearness", "from 0 to 100, found -1"),
        .facet(
            "nearness of a picture", "\"image\": \"a.png\", ⟦\"nearness\": 1", "/nearness",
            "expected \"from\" beside \"nearness\""),
        .facet(
            "nearness of a moved image", "\"from\": \"a.png\", ⟦\"nearness\": 1, \"transforms\": \"thesis\"",
            "/nearness", "set transformsMoveImage to false"),
        .job(
            "photograph of another preset", "⟦\"photograph\": \"a.png\"", "/photograph",
            "beside \"preset\": \"photograph\" only, found it beside \"standard\""),
        MalformedManifest(
            "preset without its photograph",
            "⟦{\"name\": \"n\", \"layer\": \"block_12_add\", \"unit\": 1, \"preset\": \"photograph\"}", "",
            "expected the key \"photograph\" (the path of a file)"),
        .job(
            "photograph beside facets", "\"preset\": \"photograph\", \"photograph\": \"a.png\", ⟦\"facets\": [{}, {}]",
            "/facets", "expected \"photograph\" or \"facets\", found both"),
        .job(
            "photograph that is not there", "\"preset\": \"photograph\", \"photograph\": ⟦\"nowhere/absent.jpg\"",
            "/photograph", "expected a picture, found nothing at"),
        .facet("picture without a name", "\"image\": ⟦\"\"", "/image", "the path of a file, found \"\""),
        .facet("picture with a NUL", "\"image\": ⟦\"a\\u0000.png\"", "/image", "the path of a file"),
        .facet(
            "blur of decorrelated colours", "\"decorrelatesColors\": true, ⟦\"gaussianBlur\": {}", "/gaussianBlur",
            "a facet of decorrelated colours"),
        .facet(
            "spectrum of pixels", "⟦\"spectrum\": \"natural\"", "/spectrum",
            "a Fourier facet only, found it in a pixel facet"
        ),
        .facet(
            "mean colour of pixels", "\"decorrelatesColors\": true, ⟦\"meanColor\": \"grey\"", "/meanColor",
            "set the parameterization to \"fourier\""),
        .facet(
            "unknown mean colour", "\"parameterization\": \"fourier\", \"meanColor\": ⟦\"gray\"", "/meanColor",
            "\"grey\""),
        .facet(
            "image moved by views", "\"transforms\": \"narrowing\", \"transformsMoveImage\": ⟦true",
            "/transformsMoveImage", "expected false beside transforms with views"),
        .facet(
            "views of nothing", "\"transforms\": {\"views\": ⟦0}", "/transforms/views", "0.05 to 1"),
        .job("unknown objective", "\"objective\": ⟦\"neurone\"", "/objective", "did you mean \"neuron\"?"),
        .job("objective without a kind", "\"objective\": ⟦{\"x\": 0.5}", "/objective", "the key \"kind\""),
        .job(
            "place of a channel", "\"objective\": {\"kind\": \"channel\", ⟦\"x\": 0.5}", "/objective/x",
            "expected no \"x\""),
        .job(
            "place outside the map", "\"objective\": {\"kind\": \"neuron\", \"y\": ⟦1.5}", "/objective/y",
            "from 0 to 1, found 1.5"),
        .job(
            "direction without weights", "\"objective\": ⟦{\"kind\": \"direction\"}", "/objective",
            "the key \"weights\""),
        .job(
            "weights of a neuron",
            "\"objective\": {\"kind\": \"neuron\", ⟦\"weights\": [{\"unit\": 1, \"weight\": 1}]}", "/objective/weights",
            "expected no \"weights\""),
        .job(
            "direction beyond the layer",
            "\"objective\": {\"kind\": \"cosine\", \"weights\": [{\"weight\": 1, \"unit\": ⟦96}]}",
            "/objective/weights/0/unit", "has units 0...95, found 96"),
        .job(
            "weight of nothing",
            "\"objective\": {\"kind\": \"direction\", \"weights\": [{\"unit\": 2, \"weight\": ⟦0}]}",
            "/objective/weights/0/weight", "a weight other than 0"),
        .job(
            "unit with two weights",
            "\"objective\": {\"kind\": \"direction\", \"weights\": [{\"unit\": 2, \"weight\": 1}, ⟦{\"unit\": 2, \"weight\": 2}]}",
            "/objective/weights/1", "found unit 2 again"),
        .facet("facet's name climbs", "\"name\": ⟦\"..\"", "/name", "found \"..\""),
        .facet(
            "unknown parameterization", "\"parameterization\": ⟦\"fourrier\"", "/parameterization",
            "did you mean \"fourier\"?"),
        .facet("no steps", "\"steps\": ⟦0", "/steps", "from 1 to 100000, found 0"),
        .facet("steps as a word", "\"steps\": ⟦\"ten\"", "/steps", "found \"ten\""),
        .facet("null", "\"steps\": ⟦null", "/steps", "found null: for the default, leave the key out"),
        .facet("unknown optimizer", "\"optimizer\": ⟦\"sgd\"", "/optimizer", "\"adam\" or \"sign\", found \"sgd\""),
        .facet("learning rate zero", "\"learningRate\": ⟦0", "/learningRate", "above 0, up to 10"),
        .facet("learning rate that vanishes", "\"learningRate\": ⟦1e-999", "/learningRate", "above 0"),
        .facet("learning rate beyond doubles", "\"learningRate\": ⟦1e400", "/learningRate", "found 1e400"),
        .facet("negative strength", "\"l1\": ⟦-0.1", "/l1", "from 0 to 1000"),
        .facet(
            "strength as a word", "\"totalVariation\": ⟦\"3e-5\"", "/totalVariation",
            "a number from 0 to 1000 or a schedule"),
        .facet("schedule without a kind", "\"l1\": ⟦{\"from\": 1, \"to\": 2}", "/l1", "the key \"schedule\""),
        .facet(
            "schedule of an unknown kind", "\"l1\": {\"schedule\": ⟦\"cosinus\"}", "/l1/schedule",
            "did you mean \"cosine\"?"),
        .facet("schedule without an end", "\"l1\": ⟦{\"schedule\": \"linear\", \"from\": 1}", "/l1", "the key \"to\""),
        .facet(
            "schedule with a stranger's key",
            "\"l1\": {\"schedule\": \"linear\", \"from\": 1, \"to\": 2, ⟦\"steepness\": 8}", "/l1/steepness",
            "a key of a linear schedule"),
        .facet(
            "schedule without points", "\"l1\": {\"schedule\": \"piecewise\", \"points\": ⟦[]}", "/l1/points",
            "1 to 64 points, found 0"),
        .facet(
            "points out of order",
            "\"l1\": {\"schedule\": \"piecewise\", \"points\": [{\"at\": 0.5, \"value\": 1}, {\"at\": ⟦0.5, \"value\": 2}]}",
            "/l1/points/1/at", "after the point before"),
        .facet(
            "point outside the steps",
            "\"l1\": {\"schedule\": \"piecewise\", \"points\": [{\"at\": ⟦1.5, \"value\": 1}]}", "/l1/points/0/at",
            "from 0 to 1"),
        .facet(
            "even kernel", "\"gaussianBlur\": {\"kernel\": ⟦6}", "/gaussianBlur/kernel", "an odd integer from 1 to 31"),
        .facet("no sigma", "\"gaussianBlur\": {\"sigma\": ⟦0}", "/gaussianBlur/sigma", "above 0"),
        .facet(
            "sigma that falls to nothing",
            "\"gaussianBlur\": {\"sigma\": {\"schedule\": \"cosine\", \"from\": 1, \"to\": ⟦0}}",
            "/gaussianBlur/sigma/to", "above 0"),
        .facet("never", "\"bilateralFilter\": {\"every\": ⟦0}", "/bilateralFilter/every", "from 1 to 100000"),
        .facet(
            "blur of a spectrum", "\"parameterization\": \"fourier\", ⟦\"gaussianBlur\": {}", "/gaussianBlur",
            "in a pixel facet only"),
        .facet(
            "filter of a spectrum", "⟦\"bilateralFilter\": {}, \"parameterization\": \"fourier\"", "/bilateralFilter",
            "in a pixel facet only"),
        .facet("unknown transforms", "\"transforms\": ⟦\"lucit\"", "/transforms", "did you mean \"lucid\"?"),
        .facet("no scale", "\"transforms\": {\"scales\": ⟦[]}", "/transforms/scales", "1 to 256 scales"),
        .facet("scale zero", "\"transforms\": {\"scales\": [1, ⟦0]}", "/transforms/scales/1", "from 0.25 to 4"),
        .facet(
            "pad as wide as the image", "\"transforms\": {\"pad\": ⟦224}", "/transforms/pad", "shorter side (224 px)"),
        .facet(
            "moving without transforms", "⟦\"transformsMoveImage\": true", "/transformsMoveImage", "found no transforms"
        ),
        .facet(
            "moving a spectrum",
            "\"parameterization\": \"fourier\", \"transforms\": \"thesis\", \"transformsMoveImage\": ⟦true",
            "/transformsMoveImage", "cannot be moved"),
        .facet(
            "moving by a number", "\"transforms\": \"thesis\", \"transformsMoveImage\": ⟦1", "/transformsMoveImage",
            "true or false, found 1"),
        .job(
            "levels that do not ascend", "\"neb\": {\"levels\": [4, ⟦4]}", "/neb/levels/1",
            "expected ascending numbers below \"pivots\" (19), found 4 after 4"),
        .job(
            "a level of as many as the last", "\"neb\": {\"levels\": [4, ⟦9], \"pivots\": 9}", "/neb/levels/1",
            "below \"pivots\" (9), found 9"),
        .job(
            "unknown transforms of the band", "\"neb\": {\"transforms\": ⟦\"lucit\"}", "/neb/transforms",
            "did you mean \"lucid\"?"),
        .job("17 passes", "\"neb\": {\"smoothing\": ⟦17}", "/neb/smoothing", "from 0 to 16"),
        .job("no pivots", "\"neb\": {\"pivots\": ⟦0}", "/neb/pivots", "from 1 to 200"),
        .job("pivots as a word", "\"neb\": {\"pivots\": ⟦\"ten\"}", "/neb/pivots", "found \"ten\""),
        .job("17 interpolations", "\"neb\": {\"interpolations\": ⟦17}", "/neb/interpolations", "from 0 to 16"),
        .job(
            "schedule in the band", "\"neb\": {\"totalVariation\": ⟦{\"schedule\": \"constant\", \"value\": 1}}",
            "/neb/totalVariation", "found an object"),
        .job(
            "121 frames a second", "\"video\": {\"framesPerSecond\": ⟦121}", "/video/framesPerSecond", "from 1 to 120"),
        .job("graph as a word", "\"video\": {\"graph\": ⟦\"yes\"}", "/video/graph", "true or false"),
        MalformedManifest(
            "a job named like the gallery's folder",
            "{\"name\": ⟦\"gallery\", \"layer\": \"block_12_add\", \"unit\": 3}", "/name",
            "none of \"gallery\", \"index.html\", \"junit.xml\", \"measures\", \"regressions.json\", \"regressions.txt\", \"report.json\" in small or capital letters, found \"gallery\""
        ),
        MalformedManifest(
            "a job named like the overview",
            "{\"name\": ⟦\"index.html\", \"layer\": \"block_12_add\", \"unit\": 3}", "/name",
            "found \"index.html\""),
        MalformedManifest(
            "two jobs of one folder",
            """
            {"jobs": [{"name": "a", "layer": "block_12_add", "units": "0-3"},
              {"name": ⟦"a", "layer": ["block_4_add", "block_12_add"], "unit": 3}]}
            """, "/jobs/1/name", "found \"a/block_12_add/3\", which job.json: /jobs/0 writes to"),
        MalformedManifest(
            "a job named like a report, in capitals",
            "{\"name\": ⟦\"Report.JSON\", \"layer\": \"block_12_add\", \"unit\": 3}", "/name",
            "found \"Report.JSON\""),
        MalformedManifest(
            "two jobs whose names differ in case",
            """
            {"jobs": [{"name": "fox", "layer": "block_12_add", "unit": 0},
              {"name": "cat", "layer": "block_12_add", "unit": 0},
              {"name": ⟦"Fox", "layer": "block_4_add", "unit": 3}]}
            """, "/jobs/2/name", "from \"fox\" of job.json: /jobs/0 (line 1, column 20), found \"Fox\""),
        .facet(
            "digest without a picture", "⟦\"sha256\": \"\(String(repeating: "0", count: 64))\"", "/sha256",
            "expected \"image\" or \"from\" beside \"sha256\""),
        .facet(
            "digest of another length",
            "\"image\": \"/dev/null\", \"sha256\": ⟦\"\(String(repeating: "0", count: 63))\"",
            "/sha256", "64 hexadecimal digits"),
    ]
}
