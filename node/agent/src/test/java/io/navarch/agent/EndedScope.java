package io.navarch.agent;

import io.navarch.process.TaskScope;

/// Where nothing is begun any more.
final class EndedScope {
    private EndedScope() {}

    static TaskScope make() {
        var scope = new TaskScope();
        scope.close();
        return scope;
    }
}
