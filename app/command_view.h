/// `hutong view`: the viewer; in a build without it (preset headless) the command says so.
#pragma once

namespace CLI {
class App;
}

namespace hutong {

struct CommandContext;
void add_view_command(CLI::App& app, CommandContext& context);

}  // namespace hutong
