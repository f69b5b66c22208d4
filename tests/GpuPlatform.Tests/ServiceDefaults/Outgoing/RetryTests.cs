using System.Net;
using System.Net.Http.Headers;
using System.Text;
using GpuPlatform.ServiceDefaults.Outgoing;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.ServiceDefaults.Outgoing;

public sealed class RetryTests
{
    private static readonly OutgoingOptions Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(1), AttemptTimeout = TimeSpan.FromSeconds(60), TotalTimeout = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData("GET", 503, 4)]
    [InlineData("PUT", 500, 4)]
    [InlineData("DELETE", 408, 4)]
    [InlineData("GET", 429, 4)]
    [InlineData("GET", 404, 1)]
    [InlineData("GET", 501, 1)]
    [InlineData("POST", 503, 1)]
    [InlineData("PATCH", 503, 1)]
    internal async Task Only_what_may_be_repeated_is_repeated(string method, int status, int expectedAttempts)
    {
        var server = new Server(_ => new HttpResponseMessage((HttpStatusCode)status));
        using var client = Client(server, Quick);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://here/");
        using var response = await client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(expectedAttempts, server.Attempts);
    }

    [Fact]
    public async Task A_connection_that_comes_back_is_not_noticed()
    {
        var server = new Server(attempt => attempt < 3 ? throw new HttpRequestException(HttpRequestError.ConnectionError) : new HttpResponseMessage(HttpStatusCode.OK));
        using var client = Client(server, Quick);
        using var response = await client.GetAsync(new Uri("http://here/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Attempts);
    }

    [Fact]
    public async Task A_body_that_can_be_read_only_once_is_sent_once()
    {
        var server = new Server(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        using var client = Client(server, Quick);
        using var response = await client.PutAsync(new Uri("http://here/"), new StreamContent(new MemoryStream([1])));
        using var again = await client.PutAsync(new Uri("http://here/"), new StringContent("kept", Encoding.UTF8));

        Assert.Equal(1 + 4, server.Attempts);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3600, 1)]
    internal async Task A_server_that_asks_for_more_patience_than_allowed_is_not_asked_again(int retryAfterSeconds, int expectedAttempts)
    {
        var server = new Server(_ => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(retryAfterSeconds)) } });
        using var client = Client(server, Quick);
        using var response = await client.GetAsync(new Uri("http://here/"));

        Assert.Equal(expectedAttempts, server.Attempts);
    }

    [Fact]
    public async Task No_answer_in_time_is_an_error_that_names_the_keys()
    {
        var server = new Server(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new HttpResponseMessage();
        });
        using var client = Client(server, new() { AttemptTimeout = TimeSpan.FromMilliseconds(100), TotalTimeout = TimeSpan.FromMilliseconds(300), RetryDelay = TimeSpan.Zero });

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://here/")));
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("Outgoing:TotalTimeout", exception.Message);
        Assert.InRange(server.Attempts, 1, 4);
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_one()
    {
        using var cancelled = new CancellationTokenSource();
        var server = new Server(async (_, cancellationToken) =>
        {
            await cancelled.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return new HttpResponseMessage();
        });
        using var client = Client(server, Quick);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(new Uri("http://here/"), cancelled.Token));
        Assert.Equal(1, server.Attempts);
    }

    private static HttpClient Client(Server server, OutgoingOptions options) =>
        new(new RetryHandler(new RetryPipelines(Options.Create(options), TimeProvider.System)) { InnerHandler = server });

    private sealed class Server(Func<int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        private int _attempts;

        public Server(Func<int, HttpResponseMessage> answer) : this((attempt, _) => Task.FromResult(answer(attempt)))
        {
        }

        public int Attempts => _attempts;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(Interlocked.Increment(ref _attempts), cancellationToken);
    }
}
