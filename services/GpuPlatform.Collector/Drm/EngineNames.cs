namespace GpuPlatform.Collector.Drm;

/// <summary>The names drivers give their engines.</summary>
internal static class EngineNames
{
    public static Engine? Find(ReadOnlySpan<byte> name) => Amd(name) ?? I915(name) ?? Xe(name);

    private static Engine? Amd(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("gfx"u8) ? Engine.Render
        : name.SequenceEqual("compute"u8) ? Engine.Compute
        : name.SequenceEqual("dma"u8) ? Engine.Copy
        : name.SequenceEqual("dec"u8) ? Engine.Decode
        : name.SequenceEqual("jpeg"u8) ? Engine.Jpeg
        : name.SequenceEqual("enc"u8) ? Engine.Encode
        : name.SequenceEqual("enc_1"u8) ? Engine.SecondEncode
        : null;

    // Its compute engine has the name of amdgpu's
    private static Engine? I915(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("render"u8) ? Engine.Render
        : name.SequenceEqual("copy"u8) ? Engine.Copy
        : name.SequenceEqual("video"u8) ? Engine.Video
        : name.SequenceEqual("video-enhance"u8) ? Engine.Enhance
        : null;

    private static Engine? Xe(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("rcs"u8) ? Engine.Render
        : name.SequenceEqual("ccs"u8) ? Engine.Compute
        : name.SequenceEqual("bcs"u8) ? Engine.Copy
        : name.SequenceEqual("vcs"u8) ? Engine.Video
        : name.SequenceEqual("vecs"u8) ? Engine.Enhance
        : null;
}
