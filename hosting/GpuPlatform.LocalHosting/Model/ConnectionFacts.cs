namespace GpuPlatform.LocalHosting;

/// <summary>Connection strings and their short forms, as Aspire spells them; the first entry (no key) is the connection string.</summary>
internal static class ConnectionFacts
{
    public static List<KeyValuePair<string, string>> Postgres(int port, string password, string? databaseName)
    {
        var user = PostgresServerResource.UserName;
        var facts = new List<KeyValuePair<string, string>>
        {
            new("", $"Host=localhost;Port={port};Username={user};Password={password}{(databaseName is null ? "" : $";Database={databaseName}")}"),
            new("Host", "localhost"), new("Port", $"{port}"), new("Username", user), new("Password", password),
        };
        var path = databaseName is null ? "" : $"/{databaseName}";
        if (databaseName is not null) facts.Add(new("DatabaseName", databaseName));
        facts.Add(new("Uri", $"postgresql://{user}:{Uri.EscapeDataString(password)}@localhost:{port}{path}"));
        facts.Add(new("JdbcConnectionString", $"jdbc:postgresql://localhost:{port}{path}"));
        return facts;
    }

    public static List<KeyValuePair<string, string>> RabbitMQ(int port, string password)
    {
        var uri = $"amqp://{RabbitMQServerResource.UserName}:{Uri.EscapeDataString(password)}@localhost:{port}";
        return
        [
            new("", uri), new("Host", "localhost"), new("Port", $"{port}"),
            new("Username", RabbitMQServerResource.UserName), new("Password", password), new("Uri", uri),
        ];
    }

    public static List<KeyValuePair<string, string>> Of(IResource resource) => resource switch
    {
        PostgresServerResource server => Postgres(server.Port, server.Password, databaseName: null),
        PostgresDatabaseResource database => Postgres(database.Server.Port, database.Server.Password, database.DatabaseName),
        RabbitMQServerResource broker => RabbitMQ(broker.Port, broker.Password),
        _ => throw new DistributedApplicationException($"The resource '{resource.Name}' has no connection string."),
    };
}
