// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {TransparentUpgradeableProxy} from
    "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";

contract TransparentProxy is TransparentUpgradeableProxy {
    constructor(address code, address owner, bytes memory data)
        payable
        TransparentUpgradeableProxy(code, owner, data)
    {}

    function _unsafeAllowUninitialized() internal pure override returns (bool) {
        return true;
    }
}
