namespace GpuPlatform.LocalHosting;

/// <summary>The application cannot be built or started; the message says what to do.</summary>
public sealed class DistributedApplicationException : Exception
{
    /// <summary>Without a message.</summary>
    public DistributedApplicationException() { }

    /// <summary>With a message for the person who started the application.</summary>
    public DistributedApplicationException(string message) : base(message) { }

    /// <summary>With the cause.</summary>
    public DistributedApplicationException(string message, Exception innerException) : base(message, innerException) { }
}
