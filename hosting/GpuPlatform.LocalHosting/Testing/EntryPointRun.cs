using System.Reflection;

namespace GpuPlatform.LocalHosting.Testing;

/// <summary>Runs an AppHost's own Main on a thread of its own and takes the application out of it at Build().</summary>
internal sealed class EntryPointRun(Assembly assembly, string[] arguments)
{
    private static readonly AsyncLocal<EntryPointRun?> Ambient = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The run that the calling code belongs to; null outside of tests.</summary>
    public static EntryPointRun? Current => Ambient.Value;

    public Assembly Assembly => assembly;

    public string[] Arguments => arguments;

    public Task<DistributedApplicationBuilder> Drawn => _drawn.Task;

    /// <summary>Where the AppHost's Run() stays until the test has ended.</summary>
    public Task Finished => _finished.Task;

    public void Start() => new Thread(Main) { IsBackground = true, Name = "AppHost" }.Start();

    public void WaitForBuild(DistributedApplicationBuilder builder)
    {
        _drawn.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void Built(DistributedApplication application) => _built.TrySetResult(application);

    public Task<DistributedApplication> BuildAsync()
    {
        _mayBuild.TrySetResult();
        return _built.Task;
    }

    public void Finish()
    {
        _mayBuild.TrySetCanceled();
        _finished.TrySetResult();
    }

    private void Main()
    {
        Ambient.Value = this;
        try
        {
            var main = assembly.EntryPoint ?? throw new DistributedApplicationException($"{assembly.GetName().Name} has no entry point.");
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? [] : [arguments], null);
            throw new DistributedApplicationException("The AppHost's Main ended without Build().");
        }
        catch (Exception problem)
        {
            _drawn.TrySetException(problem);
            _built.TrySetException(problem);
        }
    }
}
