using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests.Browser;

internal static class PageAddress
{
    const float TimeoutMs = 90_000;

    /// <summary>
    /// Waits until the page's address has that in it. Playwright's <c>WaitForURLAsync</c> looks at the address and listens for another one only then: on a busy
    /// machine one that comes in between is missed, and it waits for ever on a page that is where it should be.
    /// </summary>
    public static Task HasAddressAsync(this IPage page, string part) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(part)), new() { Timeout = TimeoutMs });
}
