using System.Buffers;
using System.Buffers.Text;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>What one document of a reply says, until its end shows that it is one.</summary>
internal sealed class ReplyDraft
{
    private const int LongestErrorChars = 512;

    // No count or duration is more, and every one below is exact
    private const double LargestNumber = 1e15;

    private static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789+-.eE"u8);

    private readonly double[] _numbers = new double[ReplyValue.TimedCompletionTokens - ReplyValue.TotalNanoseconds + 1];
    private uint _known;
    private uint _seen;

    public ReplyEvent Event { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>False once it is known: every piece says it.</summary>
    public bool WantsModel { get; set; } = true;

    public string? Model { get; private set; }

    public string? FinishReason { get; private set; }

    public string? Status { get; private set; }

    public string? Error { get; private set; }

    public string? Message { get; private set; }

    public bool Has(ReplyValue value) => (_seen & 1u << (int)value) != 0;

    public double? Number(ReplyValue value) => (_known & Bit(value)) != 0 ? _numbers[value - ReplyValue.TotalNanoseconds] : null;

    public long? Count(ReplyValue value) => (long?)Number(value);

    /// <summary>How much of a string of this meaning has to be kept; of most it is enough that there is one.</summary>
    public static int KeptBytes(ReplyValue value) => value switch
    {
        ReplyValue.Error or ReplyValue.Message => LongestErrorChars * 4,
        ReplyValue.Model or ReplyValue.FinishReason or ReplyValue.Type or ReplyValue.Status => 256,
        _ => 0,
    };

    /// <summary>An object or an array begins here.</summary>
    public void TakeContainer(ReplyValue value)
    {
        if (value is ReplyValue.ToolCall or ReplyValue.Error) _seen |= 1u << (int)value;
    }

    /// <summary>A string that is not empty.</summary>
    /// <param name="value">What it means.</param>
    /// <param name="kept">As much of it as was to be kept, escapes and all.</param>
    public void TakeString(ReplyValue value, ReadOnlySpan<byte> kept)
    {
        if (value >= ReplyValue.TotalNanoseconds) return;
        _seen |= 1u << (int)value;
        switch (value)
        {
            case ReplyValue.Model when WantsModel:
                Model ??= Words.ToText(kept);
                break;
            case ReplyValue.FinishReason:
                FinishReason = Words.ToText(kept);
                break;
            case ReplyValue.Type:
                Event = ReplyEvents.Of(kept);
                break;
            case ReplyValue.Status:
                Status = Words.ToText(kept);
                break;
            case ReplyValue.Error:
                Error = Words.ToText(kept, LongestErrorChars);
                break;
            case ReplyValue.Message:
                Message ??= Words.ToText(kept, LongestErrorChars);
                break;
        }
    }

    /// <summary>A number or a literal; false when it is neither.</summary>
    public bool TakeScalar(ReplyValue value, ReadOnlySpan<byte> text)
    {
        switch (text[0])
        {
            case (byte)'n':
                return text.SequenceEqual("null"u8);
            case (byte)'f':
                return text.SequenceEqual("false"u8);
            case (byte)'t':
                IsDone |= value == ReplyValue.Done;
                return text.SequenceEqual("true"u8);
            default:
                return text[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && TakeNumber(value, text);
        }
    }

    public void Clear()
    {
        (_known, _seen, Event, IsDone) = (0, 0, ReplyEvent.None, false);
        (Model, FinishReason, Status, Error, Message) = (null, null, null, null, null);
    }

    private bool TakeNumber(ReplyValue value, ReadOnlySpan<byte> text)
    {
        if (value < ReplyValue.TotalNanoseconds) return !text.ContainsAnyExcept(OfNumbers);
        if (!Utf8Parser.TryParse(text, out double number, out var length) || length != text.Length) return false;
        // A count or duration that cannot be was not told
        if (number is < 0 or > LargestNumber) return true;
        _numbers[value - ReplyValue.TotalNanoseconds] = number;
        _known |= Bit(value);
        return true;
    }

    private static uint Bit(ReplyValue value) => 1u << (value - ReplyValue.TotalNanoseconds);
}
