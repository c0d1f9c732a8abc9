#include "app/commands.h"

int main(int argc, char** argv) { return hutong::run_command(argc, argv); }
