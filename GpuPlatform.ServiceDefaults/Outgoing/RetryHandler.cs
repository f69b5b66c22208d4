using Polly;
using Polly.Timeout;

namespace GpuPlatform.ServiceDefaults.Outgoing;

/// <summary>
/// Bounds every call in time and repeats those that may be repeated. The time is that until the response's headers:
/// a body that is streamed afterwards, such as server-sent events, is never cut.
/// </summary>
internal sealed class RetryHandler(RetryPipelines pipelines) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pipeline = MayBeRepeated(request) ? pipelines.Repeated : pipelines.Once;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(AttemptAsync, context, request);
            if (outcome.Exception is TimeoutRejectedException timeout)
            {
                var target = request.RequestUri?.GetLeftPart(UriPartial.Path);
                throw new HttpRequestException(
                    $"{request.Method} {target} had no answer within {timeout.Timeout} (Outgoing:AttemptTimeout, Outgoing:TotalTimeout).",
                    new TimeoutException(timeout.Message, timeout));
            }

            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(ResilienceContext context, HttpRequestMessage request)
    {
        try
        {
            return Outcome.FromResult(await base.SendAsync(request, context.CancellationToken));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    // Sending twice must mean the same as sending once, and the content must still be there for the second time.
    private static bool MayBeRepeated(HttpRequestMessage request) =>
        request.Method.Method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE"
        && request.Content is null or ByteArrayContent or ReadOnlyMemoryContent;
}
