using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121190000_GuardEnabled")]
    public partial class GuardEnabled : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.AddColumn<bool>(name: "guard_enabled", table: "node", type: "boolean", nullable: true);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn(name: "guard_enabled", table: "node");
    }
}
