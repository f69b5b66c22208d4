using GpuPlatform.Contracts;
using GpuPlatform.History.Bus;
using MassTransit;

namespace GpuPlatform.History.Questions;

/// <summary>What came of asking.</summary>
/// <param name="Given">One for each host that answered in time.</param>
/// <param name="Problem">Why nobody could be asked, in words; null when they were.</param>
internal sealed record QuestionResult(IReadOnlyList<NodeAnswered> Given, string? Problem = null);

/// <summary>Asks collectors over the broker, and waits for their answers for as long as it is worth it.</summary>
internal sealed class NodeQuestions(IBus bus, BrokerWatch broker, PendingQuestions pending, TimeProvider time)
{
    private const string NoBroker = "The broker does not answer, by which collectors are asked.";

    /// <param name="question">Its id and instant are filled in.</param>
    /// <param name="nodeIds">The hosts whose answers are waited for.</param>
    /// <param name="cancellation">The one who wants to know has gone.</param>
    /// <param name="patience">How long they are waited for.</param>
    public async Task<QuestionResult> AskAsync(NodeAsked question, IReadOnlyCollection<string> nodeIds, CancellationToken cancellation, TimeSpan? patience = null)
    {
        if (!broker.IsConnected)
            return new([], NoBroker);
        if (nodeIds.Count == 0)
            return new([]);
        using var waiting = pending.Open(question.RequestId, nodeIds);
        if (waiting is null)
            return new([], $"{PendingQuestions.MostAtOnce} questions wait for answers of collectors; ask again in {NodeAsked.Patience.TotalSeconds:0} s.");
        using var limit = new CancellationTokenSource(patience ?? NodeAsked.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await bus.Publish(question, either.Token);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return new([], NoBroker);
        }
        await waiting.All.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return new(waiting.Answers);
    }

    /// <summary>A question that is asked now.</summary>
    public NodeAsked New(string? nodeId = null) => new() { RequestId = Guid.NewGuid(), AskedAt = time.GetUtcNow(), NodeId = nodeId };
}
