package io.navarch.agent.act;

import io.navarch.process.TaskScope;
import java.util.List;

/// A virtual thread for each piece of work.
///
/// @param scope whose closing interrupts them
public record ThreadTasks(TaskScope scope) implements PodTasks {
    @Override
    public void start(String name, Runnable work) {
        scope.start(name, work::run);
    }

    @Override
    public void together(List<Runnable> work) throws InterruptedException {
        try (var group = new TaskScope()) {
            var threads = work.stream()
                    .map(each -> group.start("together", each::run))
                    .toList();
            for (var thread : threads) thread.join();
        }
    }
}
