import Foundation
let path = "/work/main/Weights/mobilenet_v2.safetensors"
@inline(__always) func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec) * 1e3 + Double(t.tv_nsec) / 1e6 }
let network = try Network(contentsOf: path)
let mode = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "depth"
let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2])! : 60
var image = Image(height: 224, width: 224, repeating: 0)
for i in image.pixels.indices { image.pixels[i] = Float((i &* 7919) % 2001) / 1000 - 1 }
func minimum(_ n: Int, _ f: () -> Void) -> Double { var best = 1e9; for _ in 0..<n { let t = now(); f(); best = min(best, now() - t) }; return best }
let peak0 = FusedMultiplyAddPeak.gigaFLOPS()
if mode == "depth" {
    var peak = peak0
    for (name, gf) in [("block_4_add", 0.409), ("block_12_add", 0.839), ("block_16_project_BN", 1.118)] {
        let e = try Evaluator(network: network, layer: name, height: 224, width: 224)
        var g = Image(height: 224, width: 224, repeating: 0)
        var s: Float = 0
        let ms = minimum(rounds) { s += e.meanActivation(of: image, unit: 1, gradient: &g) }
        peak = max(peak, FusedMultiplyAddPeak.gigaFLOPS())
        print(name, String(format: "%.3f ms  %.1f GF/s  %.1f %% of %.0f", ms, gf / ms * 1e3, gf / ms * 1e5 / peak, peak), s)
    }
} else if mode == "loop" {
    let e = try Evaluator(network: network, layer: CommandLine.arguments[3], height: 224, width: 224)
    var g = Image(height: 224, width: 224, repeating: 0)
    for _ in 0..<rounds { _ = e.meanActivation(of: image, unit: 1, gradient: &g) }
} else {
    let s = Scratch(network: network, through: 16, height: 224, width: 224)
    var g = Image(height: 224, width: 224, repeating: 0)
    g.pixels.withUnsafeMutableBytes { p in
        let px = p.baseAddress!
        var f = [Double](repeating: 1e9, count: 17), b = f
        for _ in 0..<rounds {
            image.pixels.withUnsafeBytes { s.load($0.baseAddress!) }
            for i in 0...16 { let t = now(); s.forward(block: i); f[i] = min(f[i], now() - t) }
            for i in (0...16).reversed() { let t = now(); s.backward(block: i, from: .output, residual: network.blocks[i].block.hasResidual ? .output : .none, pixels: px); b[i] = min(b[i], now() - t) }
        }
        var tf = 0.0, tb = 0.0
        for i in 0...16 {
            let bl = network.blocks[i].block, ge = s.plans[i].geometry
            let cin = bl.isStem ? 27 : bl.inputChannels
            let mf = 2e-6 * Double(ge.inputPixels * cin * bl.expandedChannels), mp = 2e-6 * Double(ge.outputPixels * bl.expandedChannels * bl.outputChannels), md = 2e-6 * Double(9 * ge.outputPixels * bl.expandedChannels)
            let gf = mf + mp + md
            tf += f[i]; tb += b[i]
            print(String(format: "block %2d %4d->%4d->%4d %3dx%3d s%d  fwd %.3f ms %5.0f GF/s   bwd %.3f ms %5.0f GF/s", i, cin, bl.expandedChannels, bl.outputChannels, ge.inputHeight, ge.inputWidth, ge.stride, f[i], gf / f[i], b[i], gf / b[i]))
        }
        print("total", tf, tb, "peak", peak0)
    }
}
