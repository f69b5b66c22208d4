namespace GpuPlatform.LocalHosting;

/// <summary>A private RabbitMQ broker.</summary>
public sealed class RabbitMQServerResource(string name) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal const string UserName = "guest";

    internal bool KeepsData { get; set; }

    internal int Port { get; set; }

    internal string Password { get; set; } = "";

    internal override string Url => $"amqp://localhost:{Port}";

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>(ConnectionFacts.RabbitMQ(Port, Password)[0].Value);
}
