using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121200000_HourRest")]
    public partial class HourRest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.AddColumn<long>(name: "rest_ms", table: "process_hour", type: "bigint", nullable: false, defaultValue: 0L);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn(name: "rest_ms", table: "process_hour");
    }
}
