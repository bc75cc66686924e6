// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {PaymentSplitter} from "openzeppelin-4/finance/PaymentSplitter.sol";

/// OpenZeppelin's, until its version 5 left it out; each recipient is paid by a call of its own.
contract PaymentSplit is PaymentSplitter {
    constructor(address[] memory payees, uint256[] memory shares) PaymentSplitter(payees, shares) {}
}
