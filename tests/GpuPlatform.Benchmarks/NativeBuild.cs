using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GpuPlatform.Benchmarks;

/// <summary>Compiles one of the C files beside the benchmarks with the system's compiler, into a folder that is removed at the end.</summary>
internal sealed class NativeBuild : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gpuplatform-native-");

    public string Folder => _folder.FullName;

    /// <summary>Path of what was built.</summary>
    /// <exception cref="InvalidOperationException">There is no compiler, or it refused.</exception>
    public string Build(string source, string output, params string[] options)
    {
        var target = Path.Combine(Folder, output);
        try
        {
            using var compiler = Process.Start(
                "cc", ["-O2", "-o", target, Path.Combine(AppContext.BaseDirectory, "Native", source), .. options]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? target : throw new InvalidOperationException($"cc could not compile {source}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException("This benchmark needs a C compiler named cc (Debian: apt-get install gcc libc6-dev).", e);
        }
    }

    /// <summary>The driver double as a loaded library.</summary>
    public nint LoadDriver() => NativeLibrary.Load(Build("nvml_double.c", "libnvidia-ml.so.1", "-shared", "-fPIC"));

    public void Dispose() => _folder.Delete(recursive: true);
}
