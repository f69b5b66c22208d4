using System.Collections.Concurrent;
using GpuPlatform.Contracts;

namespace GpuPlatform.History.Questions;

/// <summary>Brings the answers of collectors to those who wait for them. Every replica hears every answer: those to others' questions are let go.</summary>
internal sealed class PendingQuestions
{
    internal const int MostAtOnce = 200;

    /// <summary>It came too late, or to the wrong replica: of no interest.</summary>
    internal const string NotWaitedFor = "not-waited-for";

    private readonly ConcurrentDictionary<Guid, PendingQuestion> _pending = [];

    /// <summary>Waits from now on for the answers of these hosts; null when too many questions wait already.</summary>
    public PendingQuestion? Open(Guid requestId, IReadOnlyCollection<string> nodeIds)
    {
        if (_pending.Count >= MostAtOnce)
            return null;
        var question = new PendingQuestion(nodeIds, () => _pending.TryRemove(requestId, out _));
        _pending[requestId] = question;
        return question;
    }

    /// <summary>Null when somebody waited for it; else why it is not taken, in a word or two.</summary>
    public string? Take(NodeAnswered answer) =>
        !_pending.TryGetValue(answer.RequestId, out var question) ? NotWaitedFor : AnswerRules.Check(answer) ?? question.Take(answer);
}

/// <summary>One question and the answers to it so far. Disposed of, it takes no more.</summary>
internal sealed class PendingQuestion(IReadOnlyCollection<string> nodeIds, Action close) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _awaited = new(nodeIds, StringComparer.Ordinal);
    private readonly List<NodeAnswered> _answers = [];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when every host has answered.</summary>
    public Task All => _all.Task;

    public IReadOnlyList<NodeAnswered> Answers
    {
        get { lock (_gate) return [.. _answers]; }
    }

    public string? Take(NodeAnswered answer)
    {
        lock (_gate)
        {
            if (!_awaited.Remove(answer.NodeId))
                return "not-asked";
            _answers.Add(answer);
            if (_awaited.Count == 0)
                _all.TrySetResult();
            return null;
        }
    }

    public void Dispose() => close();
}
