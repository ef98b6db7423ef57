"""The bank: files read, payments booked once and matched, exceptions settled by people, refunds sent.

Readers (`camt`, `ktl`) turn a file into `transactions` and know no database; `importing` books them set by set;
`matching` says what a payment may be meant for; `settling` does what a person decided; `refunds` pays back.
"""
