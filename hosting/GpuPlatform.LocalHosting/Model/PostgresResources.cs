namespace GpuPlatform.LocalHosting;

/// <summary>A private PostgreSQL server.</summary>
public sealed class PostgresServerResource(string name) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal const string UserName = "postgres";

    internal bool KeepsData { get; set; }

    internal int Port { get; set; }

    internal string Password { get; set; } = "";

    internal List<PostgresDatabaseResource> Databases { get; } = [];

    internal override string Url => $"postgresql://localhost:{Port}";

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>(ConnectionFacts.Postgres(Port, Password, databaseName: null)[0].Value);
}

/// <summary>One database on a PostgreSQL server; it is created when it is missing.</summary>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <summary>The name inside the server.</summary>
    public string DatabaseName => databaseName;

    internal PostgresServerResource Server => server;

    internal override Resource Parent => server;

    internal override string Url => $"{server.Url}/{databaseName}";

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>(ConnectionFacts.Postgres(server.Port, server.Password, databaseName)[0].Value);
}
