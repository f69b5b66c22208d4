using System.Runtime.CompilerServices;

namespace GpuPlatform.Collector.Drm;

/// <summary>The engines that drivers tell apart.</summary>
internal enum Engine
{
    Render,
    Compute,
    Copy,
    Decode,
    Jpeg,
    Encode,
    SecondEncode,

    /// <summary>Intel's, which decodes and encodes.</summary>
    Video,

    /// <summary>Scaling and colours of video.</summary>
    Enhance,
}

/// <summary>One number for each <see cref="Engine"/>.</summary>
[InlineArray(Count)]
internal struct EngineValues<T>
{
    public const int Count = 9;

    private T _first;
}

/// <summary>Shares of time, 0–100 %, in which engines were busy.</summary>
internal struct EngineShares
{
    private EngineValues<double> _percent;

    public double this[Engine engine]
    {
        readonly get => _percent[(int)engine];
        set => _percent[(int)engine] = value;
    }

    /// <summary>Share in which kernels or shaders ran: both engines use the same cores, and may use them at once.</summary>
    public readonly double SmPercent => Cut(Math.Max(this[Engine.Render], this[Engine.Compute]));

    public readonly double EncoderPercent => Cut(Math.Max(this[Engine.Encode], this[Engine.SecondEncode]));

    public readonly double DecoderPercent => Cut(Math.Max(this[Engine.Video], Math.Max(this[Engine.Decode], this[Engine.Jpeg])));

    /// <summary>The busiest engine.</summary>
    public readonly double BusiestPercent
    {
        get
        {
            var busiest = 0d;
            foreach (var percent in _percent)
                busiest = Math.Max(busiest, percent);
            return Cut(busiest);
        }
    }

    public void Add(in EngineShares other)
    {
        for (var i = 0; i < EngineValues<double>.Count; i++)
            _percent[i] += other._percent[i];
    }

    // Engines and our clock are not read at the same instant
    private static double Cut(double percent) => Math.Min(percent, 100);
}
