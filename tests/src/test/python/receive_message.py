"""Prints the body of one message of an SQS queue, which stays in the queue; fails when there is none.

Usage: receive_message.py QUEUE_URL, with credentials, region and endpoint in the environment.
"""

import sys

import boto3


def main() -> None:
    sqs = boto3.client("sqs")
    answer = sqs.receive_message(QueueUrl=sys.argv[1], VisibilityTimeout=0)
    messages = answer.get("Messages", [])
    if not messages:
        sys.exit("no message in " + sys.argv[1])
    print(messages[0]["Body"])


if __name__ == "__main__":
    main()
