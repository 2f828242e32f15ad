import ConvNet
import Testing

@testable import FeatureVisualization

@Suite struct RobustActivationTests {
    @Test func `a plain image loses nothing to transforms, and a fitted one loses much`() throws {
        let noise = Synthetic.noise(height: 48, width: 48, seed: 1)
        let source = LinearSource(noise)
        let robust = RobustActivation(seed: 3, height: 48, width: 48)
        let plain = Image(height: 48, width: 48, repeating: 0.5)
        #expect(abs(try robust.activation(of: plain, in: source) - source.activation(of: plain)) < 1e-6)
        // Fitted to every pixel of the pattern: nothing of it survives a transform.
        let (fitted, moved) = (try source.activation(of: noise), try robust.activation(of: noise, in: source))
        #expect(abs(moved) < 0.2 * fitted, "activation \(fitted), robust \(moved)")
    }

    @Test func `the transforms are the same every time, and others for another seed`() throws {
        let image = Synthetic.waves(height: 48, width: 40)
        let source = LinearSource(Synthetic.noise(height: 48, width: 40, seed: 2))
        let robust = RobustActivation(count: 5, seed: 3, height: 48, width: 40)
        let before = source.evaluations
        let first = try robust.activation(of: image, in: source)
        #expect(source.evaluations - before == 5)
        #expect(try first == robust.activation(of: image, in: source))
        #expect(
            try first != RobustActivation(count: 5, seed: 4, height: 48, width: 40).activation(of: image, in: source))
    }
}
