"""A Ray cluster of two nodes with one processor each, on loopback; says where its head is.

A line on standard input takes the second node away; the end of standard input ends the cluster.
"""

import sys

from ray.cluster_utils import Cluster

NODE = {"num_cpus": 1, "object_store_memory": 80_000_000, "node_ip_address": "127.0.0.1"}


def main() -> None:
    """Stand until nobody listens any more."""
    cluster = Cluster(initialize_head=True, head_node_args=NODE | {"include_dashboard": False})
    second = cluster.add_node(wait=True, **NODE)
    sys.stdout.write(f"{cluster.address}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        cluster.remove_node(second, allow_graceful=False)
    cluster.shutdown()


if __name__ == "__main__":
    main()
