using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes.Sockets;

/// <summary>A kernel that says what a test has it say: to each question the datagrams that were put in for it, and then nothing for as long as is waited.</summary>
internal sealed class KernelDouble(ManualTimeProvider clock) : INetlinkChannel
{
    private readonly Queue<byte[][]> _answers = new();
    private readonly List<byte> _families = [];
    private byte[][] _answer = [];
    private byte[] _question = [];
    private int _next;

    /// <summary>The families it was asked for.</summary>
    public IReadOnlyList<int> Families => [.. _families];

    public int ReceiveCount { get; private set; }

    /// <summary>Whether its answers have the number of the question, rather than what stands in them.</summary>
    public bool IsPunctual { get; set; } = true;

    public bool RepeatsLast { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>What it says to the next question that nothing was put in for.</summary>
    public void Answer(params byte[][] datagrams) => _answers.Enqueue(datagrams);

    public void Send(ReadOnlySpan<byte> question)
    {
        _question = question.ToArray();
        _families.Add(question[16]);
        (_answer, _next) = (_answers.Count > 0 ? _answers.Dequeue() : throw new IOException("nobody is there"), 0);
    }

    public int Receive(Span<byte> buffer, TimeSpan patience)
    {
        ReceiveCount++;
        if (_next == _answer.Length && RepeatsLast) _next--;
        if (_next == _answer.Length)
        {
            clock.Advance(patience);
            return 0;
        }
        var datagram = _answer[_next++];
        datagram.CopyTo(buffer);
        for (var at = 0; IsPunctual && at + 16 <= datagram.Length; at += Math.Max(16, BitConverter.ToInt32(datagram, at))) _question.AsSpan(8, 4).CopyTo(buffer[(at + 8)..]);
        return datagram.Length;
    }

    public void Dispose() => IsClosed = true;
}
