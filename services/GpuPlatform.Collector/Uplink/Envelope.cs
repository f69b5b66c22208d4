namespace GpuPlatform.Collector.Uplink;

/// <summary>The message envelope that the consumers' bus library reads (MassTransit's JSON format, the fields that matter).</summary>
/// <param name="MessageId">Identity of the message; a retry keeps it.</param>
/// <param name="MessageType">URNs of the contract, most derived first.</param>
/// <param name="SentTime">UTC instant at which the message was handed to the uplink.</param>
/// <param name="Message">The contract itself.</param>
internal sealed record Envelope<T>(Guid MessageId, string[] MessageType, DateTimeOffset SentTime, T Message);
