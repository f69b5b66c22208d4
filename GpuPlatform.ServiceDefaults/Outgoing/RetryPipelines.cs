using System.Net;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace GpuPlatform.ServiceDefaults.Outgoing;

/// <summary>The two ways in which a call is carried out: repeated within a total time, or once within that time.</summary>
internal sealed class RetryPipelines
{
    private readonly OutgoingOptions _options;
    private readonly TimeProvider _time;

    public RetryPipelines(IOptions<OutgoingOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        Once = New().AddTimeout(_options.TotalTimeout).Build();
        Repeated = _options.RetryCount == 0
            ? New().AddTimeout(_options.AttemptTimeout).Build()
            : New().AddTimeout(_options.TotalTimeout).AddRetry(Retry()).AddTimeout(_options.AttemptTimeout).Build();
    }

    public ResiliencePipeline<HttpResponseMessage> Once { get; }

    public ResiliencePipeline<HttpResponseMessage> Repeated { get; }

    private ResiliencePipelineBuilder<HttpResponseMessage> New() => new() { TimeProvider = _time };

    private RetryStrategyOptions<HttpResponseMessage> Retry() => new()
    {
        MaxRetryAttempts = _options.RetryCount,
        Delay = _options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = attempt => ValueTask.FromResult(IsTransient(attempt.Outcome)),
        DelayGenerator = attempt => ValueTask.FromResult(RetryAfter(attempt.Outcome.Result)),
    };

    private bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: UnknownServiceException } => false,
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result: { } response } => IsTransient(response.StatusCode) && !(RetryAfter(response) > _options.MaxRetryAfter),
        _ => false,
    };

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (status >= HttpStatusCode.InternalServerError && status != HttpStatusCode.NotImplemented);

    private TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };
}
