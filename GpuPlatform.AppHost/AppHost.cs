var builder = DistributedApplication.CreateBuilder(args);

// Resource names are unique: the service is called history too, so the database is history-db here and "history" to those who use it.
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var database = postgres.AddDatabase("history-db", "history");
var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();

var history = builder.AddProject<Projects.GpuPlatform_History>("history")
    .WithReference(database, "history")
    .WithReference(messaging)
    .WaitFor(database)
    .WaitFor(messaging)
    .WithHttpHealthCheck("/health");

var classifier = builder.AddProject<Projects.GpuPlatform_Classifier>("classifier")
    .WithReference(messaging)
    .WaitFor(messaging)
    .WithHttpHealthCheck("/health");

var collector = builder.AddProject<Projects.GpuPlatform_Collector>("collector")
    .WithReference(messaging)
    .WaitFor(messaging)
    .WithHttpHealthCheck("/health");

// Simulated GPUs are shown only to those who ask for them.
if (args.Contains("--demo"))
    collector.WithEnvironment("Gpu__Source", "simulated");

builder.AddProject<Projects.GpuPlatform_Web>("web")
    .WithReference(history)
    .WithReference(classifier)
    .WaitFor(history)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

builder.Build().Run();
