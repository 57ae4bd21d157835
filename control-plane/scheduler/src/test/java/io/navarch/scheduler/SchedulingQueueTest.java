package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulingQueueTest {
    private final SchedulingQueue queue = new SchedulingQueue();

    private static Pod pod(String name) {
        return new Pod(Yaml.parse("{metadata: {name: " + name + ", namespace: ns}}"));
    }

    @Test
    void whatNoNodeCouldTakeWaitsForSomethingThatHelps() throws InterruptedException {
        queue.add(pod("a"));
        queue.failed(queue.take());
        queue.add(pod("b"));
        queue.refused(queue.take());
        // However long the other waits, this one comes first.
        var next = queue.take();
        assertThat(next.pod().name()).isEqualTo("b");
        queue.wake();
        assertThat(queue.take().pod().name()).isEqualTo("a");
    }

    /// Somebody else wrote the pod while it was bound: no node and no other pod has anything to do with that.
    @Test
    void whatTheServerRefusedIsTriedAgainThoughNothingHappens() throws InterruptedException {
        queue.add(pod("a"));
        queue.refused(queue.take());
        var again = queue.take();
        assertThat(again.pod().name()).isEqualTo("a");
        assertThat(again.attempts()).isEqualTo(2);
    }

    @Test
    void ofAPodThatIsGoneNothingComesBack() throws InterruptedException {
        queue.add(pod("a"));
        var attempt = queue.take();
        queue.remove(pod("a").key());
        queue.refused(attempt);
        queue.failed(attempt);
        queue.wake();
        queue.add(pod("b"));
        assertThat(queue.take().pod().name()).isEqualTo("b");
    }

    @Test
    void helpThatComesDuringAnAttemptCounts() throws InterruptedException {
        queue.add(pod("a"));
        var attempt = queue.take();
        queue.wake();
        queue.failed(attempt);
        assertThat(queue.take().pod().name()).isEqualTo("a");
    }
}
